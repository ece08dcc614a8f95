import type { Span } from './wish.ts'

/** Choosing a time in the gaps of a room's day. `busy` may be in any order and may overlap. */

/** The gap around an instant inside `day`, or null when the room is taken then. */
export function gapAround(day: Span, busy: readonly Span[], at: Temporal.Instant): Span | null {
  let { from, to } = day
  for (const taken of busy) {
    if (!isBefore(at, taken.from) && isBefore(at, taken.to)) return null
    if (!isBefore(at, taken.to) && isBefore(from, taken.to)) from = taken.to
    if (isBefore(at, taken.from) && isBefore(taken.from, to)) to = taken.from
  }
  return isBefore(from, to) ? { from, to } : null
}

/** A tap: as long as wished, from there; pulled forward or shortened to what the gap allows. */
export function tappedSpan(gap: Span, at: Temporal.Instant, minutes: number): Span {
  const latestStart = gap.to.subtract({ minutes })
  const from = isBefore(latestStart, at) ? latest(gap.from, latestStart) : latest(gap.from, at)
  return { from, to: earliest(gap.to, from.add({ minutes })) }
}

/** A drag: from where it began to where it is now, in either direction, a quarter of an hour at least, never over a taken time. */
export function draggedSpan(gap: Span, began: Temporal.Instant, now: Temporal.Instant, stepMinutes = 15): Span {
  const low = earliest(began, now)
  const high = latest(began, now).add({ minutes: stepMinutes })
  return { from: latest(gap.from, low), to: earliest(gap.to, high) }
}

export function isFree(busy: readonly Span[], span: Span): boolean {
  return busy.every((taken) => !isBefore(taken.from, span.to) || !isBefore(span.from, taken.to))
}

/** The free spans nearest to the wished one, on the quarter hour, as long as wished, inside `day` and not before `notBefore`. */
export function nearestFree(day: Span, busy: readonly Span[], wished: Span, notBefore: Temporal.Instant): Span | null {
  const lengthMs = wished.to.epochMilliseconds - wished.from.epochMilliseconds
  const stepMs = 15 * 60_000
  const reach = Math.ceil((day.to.epochMilliseconds - day.from.epochMilliseconds) / stepMs)
  for (let step = 0; step <= reach; step += 1) {
    for (const direction of step === 0 ? [1] : [1, -1]) {
      const from = wished.from.add({ milliseconds: direction * step * stepMs })
      const span = { from, to: from.add({ milliseconds: lengthMs }) }
      const fits = !isBefore(from, day.from) && !isBefore(day.to, span.to) && !isBefore(from, notBefore)
      if (fits && isFree(busy, span)) return span
    }
  }
  return null
}

function isBefore(one: Temporal.Instant, other: Temporal.Instant): boolean {
  return Temporal.Instant.compare(one, other) < 0
}

function earliest(one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant {
  return isBefore(other, one) ? other : one
}

function latest(one: Temporal.Instant, other: Temporal.Instant): Temporal.Instant {
  return isBefore(one, other) ? other : one
}
