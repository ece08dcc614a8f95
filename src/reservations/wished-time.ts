import { refused } from './errors.ts'

export type TimeSpan = { startsAt: Date; endsAt: Date }

const durationMsMax = 24 * 60 * 60 * 1000
const aheadMsMax = 180 * 24 * 60 * 60 * 1000

/** Somebody who types "from 10:00" at 10:03 means now. */
const lateMsMax = 5 * 60 * 1000

/**
 * Reads the wished time of a reservation.
 * @throws Refusal when it ends before it starts, has passed, is longer than 24 hours or more than 180 days ahead.
 */
export function wishedTime({ startsAt, endsAt }: { startsAt: string; endsAt: string }, now: Date): TimeSpan {
  const span = lasting({ startsAt: new Date(startsAt), endsAt: new Date(endsAt) })
  const aheadMs = span.startsAt.getTime() - now.getTime()
  if (aheadMs < -lateMsMax) throw refusedAt('reservations.in_the_past', 'startsAt', 'This time has passed.')
  if (aheadMs > aheadMsMax) throw refusedAt('reservations.too_far_ahead', 'startsAt', 'At most 180 days ahead.')
  return span
}

/** The same for a reservation whose start stays as it is, and may therefore have passed. */
export function wishedEnd(span: TimeSpan, now: Date): TimeSpan {
  if (span.endsAt <= now) throw refusedAt('reservations.in_the_past', 'endsAt', 'This time has passed.')
  return lasting(span)
}

function lasting(span: TimeSpan): TimeSpan {
  const durationMs = span.endsAt.getTime() - span.startsAt.getTime()
  if (durationMs <= 0) throw refusedAt('reservations.ends_before_start', 'endsAt', 'Choose an end after the start.')
  if (durationMs > durationMsMax) throw refusedAt('reservations.too_long', 'endsAt', 'At most 24 hours.')
  return span
}

function refusedAt(code: Parameters<typeof refused>[0], field: string, message: string) {
  return refused(code, { fields: { [field]: message } })
}
