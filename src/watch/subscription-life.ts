import type { GraphProblem } from '#graph/graph-problem.ts'
import { isSubscribingRefused, isUnreachable } from '#graph/subscriptions.ts'
import { placeOf } from './schedule.ts'
import type { SubscriptionRow, SubscriptionValues } from './subscription-queries.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Clocks differ, and what is asked for must not be over the limit by a second. */
const clocksDifferMs = 10 * minuteMs

/** Delivery rests when the token of the last renewal lapses, which for a delegated one is within about an hour (change-notifications-lifecycle-events). */
const delegatedEveryMs = 40 * minuteMs

export function expiryOf(now: Date, lifeMinutes: number): Date {
  return new Date(now.getTime() + lifeMinutes * minuteMs - clocksDifferMs)
}

type Life = { expiresAt: Date; now: Date; place: number; isDelegated: boolean }

/** Renewed at about half of what is left, whatever Graph made of what was asked for; the places keep thousands apart. */
export function lifeValues({ expiresAt, now, place, isDelegated }: Life): SubscriptionValues {
  const halfMs = ((expiresAt.getTime() - now.getTime()) / 2) * (0.9 + place * 0.15)
  const renewInMs = isDelegated ? Math.min(halfMs, delegatedEveryMs) : halfMs
  const renew_at = new Date(now.getTime() + Math.max(renewInMs, minuteMs))
  return { expires_at: expiresAt, renew_at, renewed_at: now, attempts: 0, last_error_code: null, last_error_say: null }
}

type Tried = {
  problem: Pick<GraphProblem, 'code' | 'retryAfterMs'> & ({ say: string } | Pick<GraphProblem, 'status' | 'message'>)
  now: Date
}

/** It did not work: tried again after a minute, five minutes, a quarter of an hour ... six hours, and never sooner than Graph asks. */
export function triedValues(row: SubscriptionRow, { problem, now }: Tried): SubscriptionValues {
  const growingMs = waitsMs[Math.min(row.attempts, waitsMs.length - 1)] ?? hourMs
  const waitMs = Math.max(problem.retryAfterMs ?? 0, growingMs * (1 + placeOf(row.id) * 0.2))
  const say = 'say' in problem ? problem.say : sayTried(problem)
  return {
    attempts: row.attempts + 1,
    renew_at: new Date(now.getTime() + Math.round(waitMs)),
    last_error_code: problem.code,
    last_error_say: say.slice(0, 500),
  }
}

const waitsMs = [minuteMs, 5 * minuteMs, 15 * minuteMs, 30 * minuteMs, hourMs, 3 * hourMs, 6 * hourMs]

function sayTried(problem: Pick<GraphProblem, 'code' | 'status' | 'message'>): string {
  const whole = { is: 'problem' as const, requestId: null, retryAfterMs: null, ...problem }
  if (isUnreachable(whole))
    return 'Microsoft could not reach the notification address. Until it can, the room is read every minute instead. Check ANTEROOM_NOTIFICATION_URL, and that the address answers from the internet.'
  if (isSubscribingRefused(whole))
    return 'Microsoft does not let this permission subscribe to the mailbox. The room is read every minute instead.'
  if (problem.status === 0) return 'Microsoft did not answer. It is tried again by itself.'
  return `Microsoft refused the subscription (${problem.code}). It is tried again by itself.`
}
