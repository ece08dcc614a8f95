import type { ReservationState } from '#reservations/contract.ts'

const second = 1_000
const minute = 60 * second

/** The first look after the room was asked. No room answers sooner. */
export const firstLookMs = 500

/** How long a watched room is also looked for in the organizer's calendar, where a decline shows first. */
const besideWatchingMs = 2 * minute

type Situation = { askedAt: Date; endsAt: Date; now: Date; watched: boolean }

/**
 * When to look at an event again, in milliseconds from now, or null for never.
 *
 * While the room is silent: after a quarter of the time it has been silent, so that an answer is never seen much later than it
 * came, at least half a second and at most a minute (15 minutes when a person has been thinking for long). Once confirmed it is
 * only about somebody changing the meeting in Outlook: a minute to a quarter of an hour. A watched room that has the meeting tells by
 * itself; while an answer is awaited it is asked for all the same, rarely, because clocks differ and copies are missed.
 */
export function nextLookMs(state: ReservationState, { askedAt, endsAt, now, watched }: Situation): number | null {
  if (endsAt <= now) return null
  const silentMs = now.getTime() - askedAt.getTime()
  switch (state) {
    case 'awaiting_confirmation':
    case 'awaiting_approval':
      if (watched && silentMs > besideWatchingMs) return 15 * minute
      return Math.max(between(silentMs / 4, firstLookMs, minute), Math.min(silentMs / 60, 15 * minute))
    case 'confirmed':
    case 'conflicted':
      return watched ? null : between(silentMs / 2, minute, 15 * minute)
    default:
      return null
  }
}

function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
