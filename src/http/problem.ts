import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { z } from 'zod'
import type { Log } from '#kit/log.ts'
import { Refusal } from '#kit/refusal.ts'
import type { Problem } from './contract.ts'
import { refused } from './errors.ts'

/** Answers with an RFC 9457 problem document. What we did not expect is logged under the request id and told to nobody. */
export function answerProblem(context: Context, error: unknown, log: Log): Response {
  const requestId = String(context.get('requestId') ?? '')
  const refusal = toRefusal(error)
  if (refusal.status >= 500) {
    log.error({ requestId, path: context.req.path, error: describe(error) }, refusal.code)
  }
  const problem: Problem = {
    type: `/docs/errors#${refusal.code}`,
    title: refusal.message,
    status: refusal.status,
    code: refusal.code,
    detail: refusal.message,
    requestId,
    ...(Object.keys(refusal.fields).length > 0 ? { fields: refusal.fields } : {}),
    ...(Object.keys(refusal.facts).length > 0 ? { facts: refusal.facts } : {}),
  }
  return context.json(problem, refusal.status as ContentfulStatusCode, {
    'Content-Type': 'application/problem+json; charset=utf-8',
  })
}

/** Messages beside fields, keyed by the dotted path of the field, from zod's issues. */
export function invalidInput(error: z.ZodError): Refusal {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) {
    const path = issue.path.join('.') || (issue.code === 'unrecognized_keys' ? (issue.keys[0] ?? '') : '')
    fields[path] ??= issue.code === 'unrecognized_keys' ? 'This field is not known here. Leave it out.' : issue.message
  }
  return refused('http.invalid_input', { fields })
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof z.ZodError) return refused('http.our_fault', { cause: error })
  return isConnectionTrouble(error)
    ? refused('http.database_unavailable', { cause: error })
    : refused('http.our_fault', { cause: error })
}

/** PostgreSQL classes 08 (connection), 57P0x (shutting down) and 53 (out of resources), and sockets that broke. */
function isConnectionTrouble(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return /^(08...|57P0.|53...|ECONNREFUSED|ECONNRESET|ENOENT)$/.test(code)
}

function describe(error: unknown): object {
  return error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { thrown: typeof error }
}
