import type { Span } from './wish.ts'

/** The part of a day that a timeline shows, in the zone of one building. */
export type DayWindow = Span & { timeZone: string }

const usualStartHour = 7
const usualEndHour = 19

/** From 7 to 19 o'clock on the building's own day, widened by whole hours until the wished time fits. */
export function dayWindow(wished: Span, timeZone: string): DayWindow {
  const wishFrom = wished.from.toZonedDateTimeISO(timeZone)
  const wishTo = wished.to.toZonedDateTimeISO(timeZone)
  const usualFrom = wishFrom.withPlainTime(new Temporal.PlainTime(usualStartHour))
  const usualTo = wishFrom.withPlainTime(new Temporal.PlainTime(usualEndHour))
  const from = earlier(usualFrom, wishFrom.round({ smallestUnit: 'hour', roundingMode: 'floor' }))
  const to = later(usualTo, wishTo.round({ smallestUnit: 'hour', roundingMode: 'ceil' }))
  return { from: from.toInstant(), to: to.toInstant(), timeZone }
}

export type HourMark = { at: Temporal.Instant; label: string; left: number }

/** One mark an hour, by elapsed time: on the day a clock changes, an hour is missing or shown twice, as it is. */
export function hourMarks(window: DayWindow): HourMark[] {
  const marks: HourMark[] = []
  for (let at = window.from; Temporal.Instant.compare(at, window.to) < 0; at = at.add({ hours: 1 })) {
    const hour = at.toZonedDateTimeISO(window.timeZone).hour
    marks.push({ at, label: String(hour).padStart(2, '0'), left: share(window, at) })
  }
  return marks
}

/** Where an instant lies in the window: 0 at its start, 1 at its end, clipped to both. */
export function share(window: Span, at: Temporal.Instant): number {
  const whole = window.to.epochMilliseconds - window.from.epochMilliseconds
  const part = at.epochMilliseconds - window.from.epochMilliseconds
  return Math.min(1, Math.max(0, part / whole))
}

export type Block = { left: number; width: number }

/** A span as a block of the row, or null when none of it can be seen. */
export function blockIn(window: Span, span: Span): Block | null {
  const left = share(window, span.from)
  const width = share(window, span.to) - left
  return width > 0 ? { left, width } : null
}

/** The instant under a point of the row, on the quarter of an hour that begins there. */
export function instantUnder(window: Span, position: number, stepMinutes = 15): Temporal.Instant {
  const whole = window.to.epochMilliseconds - window.from.epochMilliseconds
  const stepMs = stepMinutes * 60_000
  const steps = Math.floor((Math.min(1, Math.max(0, position)) * whole) / stepMs)
  const lastStep = Math.max(0, Math.floor(whole / stepMs) - 1)
  return window.from.add({ milliseconds: Math.min(steps, lastStep) * stepMs })
}

type Zoned = Temporal.ZonedDateTime

function earlier(one: Zoned, other: Zoned): Zoned {
  return Temporal.ZonedDateTime.compare(one, other) <= 0 ? one : other
}

function later(one: Zoned, other: Zoned): Zoned {
  return Temporal.ZonedDateTime.compare(one, other) >= 0 ? one : other
}
