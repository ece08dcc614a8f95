import type { TimeSpan } from './wished-time.ts'

/** `10:00 to 11:00` on the clocks of a zone; with the day where the span crosses midnight. */
export function hoursIn({ startsAt, endsAt }: TimeSpan, timeZone: string): string {
  const [start, end] = [zoned(startsAt, timeZone), zoned(endsAt, timeZone)]
  const sameDay = start.toPlainDate().equals(end.toPlainDate())
  return sameDay ? `${clock(start)} to ${clock(end)}` : `${day(start)} ${clock(start)} to ${day(end)} ${clock(end)}`
}

/** `Tue 24 Nov, 10:00 to 11:00`. */
export function dayAndHoursIn(span: TimeSpan, timeZone: string): string {
  const [start, end] = [zoned(span.startsAt, timeZone), zoned(span.endsAt, timeZone)]
  const sameDay = start.toPlainDate().equals(end.toPlainDate())
  return sameDay ? `${day(start)}, ${hoursIn(span, timeZone)}` : hoursIn(span, timeZone)
}

/** The whole days, by the clocks of a zone, that a span touches. Days have 23 to 25 hours. */
export function daysAround({ startsAt, endsAt }: TimeSpan, timeZone: string): TimeSpan {
  const lastMoment = new Date(endsAt.getTime() - 1)
  const first = zoned(startsAt, timeZone).startOfDay()
  const after = zoned(lastMoment, timeZone).startOfDay().add({ days: 1 })
  return { startsAt: new Date(first.epochMilliseconds), endsAt: new Date(after.epochMilliseconds) }
}

function zoned(instant: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone)
}

function clock(time: Temporal.ZonedDateTime): string {
  return time.toPlainTime().toString({ smallestUnit: 'minute' })
}

function day(time: Temporal.ZonedDateTime): string {
  return time.toPlainDate().toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })
}
