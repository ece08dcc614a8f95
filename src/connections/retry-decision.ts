import { retryAfterMs } from './retry-after.ts'

/** When and how often a call is made again. All times in milliseconds. */
export type RetryPolicy = {
  name: string
  /** `retry_after` waits as long as the server says, and doubles like `exponential` where it says nothing. */
  strategy: 'exponential' | 'fixed' | 'retry_after'
  /** All tries, the first included. */
  attemptsMax: number
  firstWaitMs: number
  /** No wait is longer. A server that asks for more is taken at its word, and not asked again. */
  waitMaxMs: number
  /** From the first try to the start of the last. */
  totalMs: number
  conditions: RetryConditions
}

/** Any of the first four is enough; `methods` then says for which calls. */
export type RetryConditions = {
  statuses: readonly number[]
  headers: readonly { name: string; contains: string }[]
  bodyContains: readonly string[]
  errors: readonly CallError[]
  /** Null: the idempotent ones. */
  methods: readonly string[] | null
}

/** A call that got no answer: nobody there, or not in time. */
export type CallError = 'unreachable' | 'no_answer'

export type Outcome = { status: number; headers: Headers; body?: string } | { error: CallError }

export type Try = {
  /** How many tries there were, this one included. */
  count: number
  elapsedMs: number
  method: string
  /** The caller says that making the call twice does no harm. */
  mayRepeat: boolean
  outcome: Outcome
  now: Date
  /** From 0 to 1; spreads callers that failed together. */
  random: number
}

export type RetryDecision =
  | { is: 'again'; waitMs: number }
  | {
      is: 'enough'
      because: 'no_condition_met' | 'not_repeatable' | 'tries_used' | 'asked_to_wait_too_long' | 'time_used'
    }

/**
 * What to do after a try. Calls that are not idempotent (RFC 9110 section 9.2.2) are never repeated unless the caller says they may be,
 * whatever the policy lists: the first try may have worked although its answer was lost.
 */
export function decideRetry(policy: RetryPolicy, tried: Try): RetryDecision {
  const { conditions } = policy
  if (!meets(conditions, tried.outcome)) return enough('no_condition_met')
  const listed = conditions.methods === null || conditions.methods.includes(tried.method)
  if (!listed || !(idempotent.includes(tried.method) || tried.mayRepeat)) return enough('not_repeatable')
  if (tried.count >= policy.attemptsMax) return enough('tries_used')
  const asked = policy.strategy === 'retry_after' ? askedMs(tried) : null
  if (asked !== null && asked > policy.waitMaxMs) return enough('asked_to_wait_too_long')
  const waitMs = asked ?? ownWaitMs(policy, tried)
  return tried.elapsedMs + waitMs > policy.totalMs ? enough('time_used') : { is: 'again', waitMs }
}

const idempotent = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']

/** Does this policy look into bodies? They are only read then. */
export function looksIntoBodies({ conditions }: RetryPolicy): boolean {
  return conditions.bodyContains.length > 0
}

function meets(conditions: RetryConditions, outcome: Outcome): boolean {
  if ('error' in outcome) return conditions.errors.includes(outcome.error)
  const { status, headers, body } = outcome
  return (
    conditions.statuses.includes(status) ||
    conditions.headers.some(({ name, contains }) => headers.get(name)?.includes(contains) === true) ||
    conditions.bodyContains.some((part) => body?.includes(part) === true)
  )
}

function askedMs({ outcome, now }: Try): number | null {
  return 'error' in outcome ? null : retryAfterMs(outcome.headers.get('retry-after'), now)
}

/** Doubling, with the upper half left to chance, so that callers who failed together do not come back together. */
function ownWaitMs({ strategy, firstWaitMs, waitMaxMs }: RetryPolicy, { count, random }: Try): number {
  if (strategy === 'fixed') return Math.min(firstWaitMs, waitMaxMs)
  const full = Math.min(firstWaitMs * 2 ** (count - 1), waitMaxMs)
  return Math.round(full * (0.5 + random / 2))
}

const enough = (because: Extract<RetryDecision, { is: 'enough' }>['because']): RetryDecision => ({
  is: 'enough',
  because,
})
