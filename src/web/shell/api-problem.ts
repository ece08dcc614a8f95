import type { Problem } from '#http/contract.ts'

/** A request that was refused or never arrived. `detail` is a sentence for people: what happened, why, what to do. */
export class ApiProblem extends Error {
  readonly code: string
  readonly detail: string
  readonly status: number
  readonly fields: Record<string, string>
  readonly facts: Record<string, unknown>
  readonly requestId: string | null

  constructor(problem: Pick<Problem, 'code' | 'detail' | 'status'> & Partial<Problem>, cause?: unknown) {
    super(problem.detail, { cause })
    this.name = 'ApiProblem'
    this.code = problem.code
    this.detail = problem.detail
    this.status = problem.status
    this.fields = problem.fields ?? {}
    this.facts = problem.facts ?? {}
    this.requestId = problem.requestId ?? null
  }
}

/** The server could not be reached at all: no status, so nothing is known about what it did. */
export function unreachable(cause: unknown): ApiProblem {
  return new ApiProblem(
    {
      code: 'web.server_unreachable',
      status: 0,
      detail: 'Anteroom’s server did not answer. Check that it is running and that you are online, then try again.',
    },
    cause,
  )
}

/** Reads a refusal. Something between us and the server (a proxy, a restart) may answer with a page instead of a problem document. */
export async function problemIn(response: Response): Promise<ApiProblem> {
  if (/\bproblem\+json\b/.test(response.headers.get('content-type') ?? '')) {
    const problem: unknown = await response.json().catch(() => null)
    if (isProblem(problem)) return new ApiProblem(problem)
  }
  return new ApiProblem({
    code: 'web.unexpected_answer',
    status: response.status,
    detail: `The server answered with status ${response.status} and no explanation. It may be restarting: try again in a moment.`,
  })
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown
  return new ApiProblem(
    {
      code: 'web.our_fault',
      status: 0,
      detail: 'This page made a mistake. Reload it; if that does not help, tell your administrator what you did.',
    },
    thrown,
  )
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value && 'status' in value
}
