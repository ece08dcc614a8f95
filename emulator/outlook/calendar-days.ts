import { ianaZone } from '../exchange/time-zones.ts'
import type { EventItem } from '../model.ts'

export type CalendarView = 'week' | 'day'
/** A calendar day in a zone; `from` and `to` are its UTC bounds. */
export type CalendarDay = { date: string; label: string; isToday: boolean; from: string; to: string }

/** The days a view shows around a date (YYYY-MM-DD, or today): a week from Monday, or the day itself. */
export function daysOf(view: CalendarView, asked: string | undefined, zoneName: string, now: Date): CalendarDay[] {
  const zone = ianaZone(zoneName) ?? 'UTC'
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate()
  const date = dateOr(asked, today)
  const first = view === 'week' ? date.subtract({ days: date.dayOfWeek - 1 }) : date
  return Array.from({ length: view === 'week' ? 7 : 1 }, (_, index) => dayOf(first.add({ days: index }), today, zone))
}

/** Items that touch a day, all-day ones first, then by start. */
export function itemsOn(day: CalendarDay, items: EventItem[]): EventItem[] {
  return items
    .filter((item) => item.startsAt < day.to && item.endsAt > day.from)
    .toSorted((a, b) => Number(b.isAllDay) - Number(a.isAllDay) || a.startsAt.localeCompare(b.startsAt))
}

/** `10:00 – 10:30`, with the day where it differs from the one shown. */
export function timesOf(item: EventItem, zoneName: string): string {
  if (item.isAllDay) return 'All day'
  const zone = ianaZone(zoneName) ?? 'UTC'
  const [start, end] = [item.startsAt, item.endsAt].map((at) => Temporal.Instant.from(at).toZonedDateTimeISO(zone))
  if (start === undefined || end === undefined) return ''
  const sameDay = start.toPlainDate().equals(end.toPlainDate())
  return `${clock(start)} – ${sameDay ? clock(end) : `${shortDate(end.toPlainDate())} ${clock(end)}`}`
}

/** `Tuesday, 24 November 2026, 10:00 – 10:30 (Europe/Berlin)`. */
export function longTimesOf(item: EventItem, zoneName: string): string {
  const zone = ianaZone(zoneName) ?? 'UTC'
  const date = Temporal.Instant.from(item.startsAt).toZonedDateTimeISO(zone).toPlainDate()
  const day = date.toLocaleString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  return `${day}, ${timesOf(item, zoneName)} (${zoneName})`
}

/** The heading of a view: `23 – 29 November 2026`. */
export function rangeOf(days: CalendarDay[]): string {
  const [first, last] = [days[0], days.at(-1)].map((day) => Temporal.PlainDate.from(day?.date ?? '1970-01-01'))
  if (first === undefined || last === undefined) return ''
  const end = last.toLocaleString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
  if (first.equals(last)) return `${first.toLocaleString('en-GB', { weekday: 'long' })}, ${end}`
  const sameMonth = first.month === last.month
  return `${first.toLocaleString('en-GB', sameMonth ? { day: 'numeric' } : { day: 'numeric', month: 'long' })} – ${end}`
}

/** The date a view's "previous" or "next" leads to. */
export function stepFrom(days: CalendarDay[], direction: 1 | -1): string {
  const first = Temporal.PlainDate.from(days[0]?.date ?? '1970-01-01')
  return first.add({ days: direction * days.length }).toString()
}

/** A UTC instant as a `datetime-local` field shows it in a zone. */
export function fieldTime(instant: string, zoneName: string): string {
  const zone = ianaZone(zoneName) ?? 'UTC'
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDateTime().toString({ smallestUnit: 'minute' })
}

function dateOr(text: string | undefined, fallback: Temporal.PlainDate): Temporal.PlainDate {
  try {
    return text === undefined ? fallback : Temporal.PlainDate.from(text)
  } catch {
    return fallback
  }
}

function dayOf(date: Temporal.PlainDate, today: Temporal.PlainDate, zone: string): CalendarDay {
  const instant = (day: Temporal.PlainDate) =>
    day.toZonedDateTime(zone).toInstant().toString({ fractionalSecondDigits: 3 })
  const isToday = date.equals(today)
  const label = `${shortDate(date)}${isToday ? ' (today)' : ''}`
  return { date: date.toString(), label, isToday, from: instant(date), to: instant(date.add({ days: 1 })) }
}

function shortDate(date: Temporal.PlainDate): string {
  return date.toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })
}

function clock(at: Temporal.ZonedDateTime): string {
  return at.toPlainTime().toString({ smallestUnit: 'minute' })
}
