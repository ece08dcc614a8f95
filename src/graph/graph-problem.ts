import { z } from 'zod'
import type { Refusal } from '#kit/refusal.ts'
import { readRetryAfter } from '#kit/retry-after.ts'

/** Graph answered and it was not what we asked for, or (status 0) no answer came: then nobody knows whether the call took effect. */
export type GraphProblem = {
  is: 'problem'
  status: number
  /** The most specific code in the body (graph-errors: nested `innerError.code`), or `no_answer`, `unreadable`, `status_500`. */
  code: string
  message: string
  requestId: string | null
  retryAfterMs: number | null
}

/** What one call came to. Everything that Graph may answer is a value; only our own mistakes are thrown. */
export type GraphOutcome<T> = { is: 'ok'; value: T; requestId: string | null } | GraphProblem

/** No response at all: refused connection, time-out, a socket that broke. */
export function noAnswer(cause: unknown): GraphProblem {
  const message = cause instanceof Error ? cause.message : 'no answer'
  return { is: 'problem', status: 0, code: 'no_answer', message, requestId: null, retryAfterMs: null }
}

/**
 * The fetch we were given would not do it: its own trouble with the network or a gateway (5xx) leaves the same doubt as no
 * answer, anything else means that it no longer has the permission.
 */
export function notSent({ code, status, message }: Refusal): GraphProblem {
  return { is: 'problem', status: status >= 500 ? 0 : 401, code, message, requestId: null, retryAfterMs: null }
}

/** Reads the error body of Graph ("Microsoft Graph error responses and resource types"). Never fails: a proxy's HTML page is a problem too. */
export function readProblem(response: Response, text: string, now: Date): GraphProblem {
  const error = errorIn(text)
  return {
    is: 'problem',
    status: response.status,
    code: error?.codes.at(-1) ?? `status_${response.status}`,
    message: (error?.message ?? '').slice(0, 500),
    requestId: requestIdOf(response) ?? error?.requestId ?? null,
    retryAfterMs: readRetryAfter(response.headers.get('retry-after'), now),
  }
}

export function requestIdOf(response: Response): string | null {
  return response.headers.get('request-id')
}

/** Worth trying again later without anybody's help: throttled, broken for the moment, or no answer. */
export function isTransient({ status, code }: GraphProblem): boolean {
  if ([0, 408, 423, 425, 429].includes(status) || status >= 500) return true
  return code === 'unreadable' || transientCodes.has(code)
}

/** Exchange reports these with changing statuses (graph-errors; seen as 400, 409 and 503). */
const transientCodes = new Set([
  'ErrorMailboxMoveInProgress',
  'ErrorMailboxStoreUnavailable',
  'ErrorInternalServerTransientError',
  'ErrorServerBusy',
  'ErrorTimeoutExpired',
  'MailboxInfoStale',
  'activityLimitReached',
])

/** "No answer" and "answered, but broken" both leave open whether a write happened. A throttled call certainly did nothing. */
export function leavesDoubt(problem: GraphProblem): boolean {
  return isTransient(problem) && problem.status !== 429
}

type ErrorObject = { code?: unknown; message?: unknown; innererror?: unknown; 'request-id'?: unknown }

const nestingMax = 8

function errorIn(text: string): { codes: string[]; message: string; requestId: string | null } | null {
  let inner = objectIn(objectIn(parsed(text))?.error)
  if (inner === null) return null
  const found = { codes: [] as string[], message: string(inner.message), requestId: null as string | null }
  for (let depth = 0; inner !== null && depth < nestingMax; depth++) {
    if (string(inner.code) !== '') found.codes.push(string(inner.code))
    found.requestId ??= string(inner['request-id']) || null
    inner = objectIn(inner.innererror)
  }
  return found
}

const looseObject = z.record(z.string(), z.unknown())

/** Keys in lower case: documentation and service disagree about `innerError` and `innererror`. */
function objectIn(value: unknown): (ErrorObject & { error?: unknown }) | null {
  const result = looseObject.safeParse(value)
  if (!result.success) return null
  return Object.fromEntries(Object.entries(result.data).map(([key, inner]) => [key.toLowerCase(), inner]))
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
