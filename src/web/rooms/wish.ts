import { addMinutes, instantAt, minutesBetween, timeOf } from './wall-time.ts'

/** What somebody is looking for. It lives in the URL, so a search can be sent to a colleague or kept as a bookmark. */
export type Wish = {
  /** In the building's zone, or the reader's when any building will do. */
  date: string
  from: string
  to: string
  people: number
  /** A building's id, or `any`. */
  building: string
  equipment: readonly string[]
}

export type WishSearch = Partial<Record<keyof Wish, string>>

/** The first half hour that lies ahead; early and late in the day, the next morning at nine. */
export function firstWish(now: Temporal.Instant, timeZone: string): Wish {
  const here = now.toZonedDateTimeISO(timeZone)
  const next = here.round({ smallestUnit: 'minute', roundingIncrement: 30, roundingMode: 'ceil' })
  const atWork = here.hour >= 6 && here.hour < 19
  const day = here.hour < 19 ? here : here.add({ days: 1 })
  const date = day.toPlainDate().toString()
  const from = atWork ? timeOf(next.toInstant(), timeZone) : '09:00'
  return { date, from, to: addMinutes(from, 30), people: 2, building: 'any', equipment: [] }
}

/** Reads a wish from the address. What is missing or makes no sense is taken from `otherwise`, field by field. */
export function wishIn(search: Record<string, unknown>, otherwise: Wish): Wish {
  const from = clockIn(search.from) ?? otherwise.from
  const to = clockIn(search.to) ?? addMinutes(from, minutesBetween(otherwise.from, otherwise.to))
  const people = Number(search.people)
  return {
    date: dateIn(search.date) ?? otherwise.date,
    from,
    to,
    people: Number.isInteger(people) && people >= 1 && people <= 10_000 ? people : otherwise.people,
    building: typeof search.building === 'string' && search.building !== '' ? search.building : otherwise.building,
    equipment: equipmentIn(search.equipment) ?? otherwise.equipment,
  }
}

export function toSearch(wish: Wish): WishSearch {
  const { date, from, to, people, building } = wish
  const equipment = wish.equipment.length > 0 ? { equipment: wish.equipment.join(',') } : {}
  return { date, from, to, people: String(people), building, ...equipment }
}

/** Moving the start keeps the length, as calendars do. */
export function startingAt(wish: Wish, from: string): Wish {
  const length = Math.max(minutesBetween(wish.from, wish.to), 15)
  return { ...wish, from, to: addMinutes(from, length) }
}

export function lasting(wish: Wish, minutes: number): Wish {
  return { ...wish, to: addMinutes(wish.from, minutes) }
}

export type Span = { from: Temporal.Instant; to: Temporal.Instant }

/** The instants of the wish, or null while the form says that it ends before it begins. */
export function wishedSpan(wish: Wish, timeZone: string): Span | null {
  const from = instantAt(wish.date, wish.from, timeZone)
  const to = instantAt(wish.date, wish.to, timeZone)
  return Temporal.Instant.compare(from, to) < 0 ? { from, to } : null
}

function clockIn(value: unknown): string | null {
  return typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : null
}

function dateIn(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null
  try {
    return Temporal.PlainDate.from(value, { overflow: 'reject' }).toString()
  } catch {
    return null
  }
}

function equipmentIn(value: unknown): readonly string[] | null {
  if (typeof value !== 'string') return null
  return value.split(',').filter((item) => item !== '')
}
