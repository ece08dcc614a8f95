/** Wall times as forms hold them: a date `2026-11-24`, a time `10:00`, and the IANA zone of the building. */

/** The instant of a wall time. In the hour that a clock change skips, the later one is meant (RFC 5545, section 3.3.5). */
export function instantAt(date: string, time: string, timeZone: string): Temporal.Instant {
  const wall = Temporal.PlainDate.from(date).toPlainDateTime(Temporal.PlainTime.from(time))
  return wall.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).toInstant()
}

export function dateOf(at: Temporal.Instant, timeZone: string): string {
  return at.toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/** `10:00`, always 24 hours and two digits, as time fields want it. */
export function timeOf(at: Temporal.Instant, timeZone: string): string {
  return at.toZonedDateTimeISO(timeZone).toPlainTime().toString({ smallestUnit: 'minute' })
}

/** `10:00–10:30` */
export function spanText(from: Temporal.Instant, to: Temporal.Instant, timeZone: string): string {
  return `${timeOf(from, timeZone)}–${timeOf(to, timeZone)}`
}

/** `Tuesday 24 November`; with the year when it is not this one. */
export function dayText(date: string, today: string): string {
  const day = Temporal.PlainDate.from(date)
  const year = day.year === Temporal.PlainDate.from(today).year ? undefined : 'numeric'
  return day.toLocaleString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year }).replace(',', '')
}

/** What people call the zone on that day, such as `Central European Standard Time`. */
export function zoneName(timeZone: string, at: Temporal.Instant, style: 'long' | 'short' = 'long'): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: style }).formatToParts(at.epochMilliseconds)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone
}

/** Whether two zones show the same clock at that instant: then naming the zone would only be noise. */
export function sameClock(one: string, other: string, at: Temporal.Instant): boolean {
  return at.toZonedDateTimeISO(one).offset === at.toZonedDateTimeISO(other).offset
}

export function minutesBetween(from: string, to: string): number {
  const gap = Temporal.PlainTime.from(from).until(Temporal.PlainTime.from(to))
  return Math.round(gap.total('minutes'))
}

/** Never past midnight: a reservation that the portal offers ends on the day it begins. */
export function addMinutes(time: string, minutes: number): string {
  const start = Temporal.PlainTime.from(time)
  const lastMinute = Temporal.PlainTime.from('23:59')
  const room = start.until(lastMinute).total('minutes')
  return start.add({ minutes: Math.round(Math.min(minutes, room)) }).toString({ smallestUnit: 'minute' })
}
