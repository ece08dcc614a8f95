import { Refusal } from '#kit/refusal.ts'
import type { Seams } from '#kit/seams.ts'
import { type CallError, decideRetry, looksIntoBodies, type Outcome, type RetryPolicy } from './retry-decision.ts'

export type Repeatable = {
  method: string
  /** The caller says that making the call twice does no harm. */
  mayRepeat: boolean
  signal?: AbortSignal | undefined
}

type Tried = { outcome: Outcome; settle: () => Response; drop: () => Promise<void> }

/**
 * Makes a call until it works or the policy has had enough; then its last answer is returned, or its last error thrown. `prepare` gets what
 * each try needs (a token that is good now); what it throws is not tried again.
 */
export async function withRetries(
  seams: Pick<Seams, 'now' | 'wait' | 'randomBytes'>,
  policy: RetryPolicy,
  { method, mayRepeat, signal }: Repeatable,
  prepare: () => Promise<() => Promise<Response>>,
): Promise<Response> {
  const startedMs = seams.now().getTime()
  for (let count = 1; ; count++) {
    const { outcome, settle, drop } = await outcomeOf(await prepare(), looksIntoBodies(policy))
    const now = seams.now()
    const random = (seams.randomBytes(1)[0] ?? 0) / 255
    const elapsedMs = now.getTime() - startedMs
    const decision = decideRetry(policy, { count, elapsedMs, method, mayRepeat, outcome, now, random })
    if (decision.is === 'enough') return settle()
    await drop()
    await seams.wait(decision.waitMs, signal)
    if (signal?.aborted) throw signal.reason
  }
}

async function outcomeOf(attempt: () => Promise<Response>, withBody: boolean): Promise<Tried> {
  try {
    const response = await attempt()
    const { status, headers } = response
    const body = withBody ? { body: await response.clone().text() } : {}
    return { outcome: { status, headers, ...body }, settle: () => response, drop: async () => response.body?.cancel() }
  } catch (problem) {
    const error = callErrorOf(problem)
    if (error === null) throw problem
    const settle = () => {
      throw problem
    }
    return { outcome: { error }, settle, drop: async () => undefined }
  }
}

/** Only what the network did may be tried again; what we refuse ourselves would be refused again. */
function callErrorOf(problem: unknown): CallError | null {
  if (!(problem instanceof Refusal)) return null
  if (problem.code === 'connections.no_answer') return 'no_answer'
  return problem.code === 'connections.provider_trouble' && problem.cause instanceof TypeError ? 'unreachable' : null
}
