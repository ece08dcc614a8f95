import type { z } from 'zod'
import type { availability } from '#reservations/contract.ts'
import type { Building } from '#rooms/contract.ts'
import { gapAround, nearestFree } from './free-time.ts'
import type { Span } from './wish.ts'

export type RoomDay = z.infer<typeof availability.answer>['rooms'][number]
export type BuildingDay = { building: Building; rooms: RoomDay[] }

/** Rooms by building, buildings with a free room first; inside, free ones first and the smallest that is large enough on top. */
export function byBuilding(rooms: readonly RoomDay[], wished: Span): BuildingDay[] {
  const days = new Map<string, BuildingDay>()
  for (const day of [...rooms].sort(inOrder(wished))) {
    const known = days.get(day.room.building.id)
    if (known) known.rooms.push(day)
    else days.set(day.room.building.id, { building: day.room.building, rooms: [day] })
  }
  return [...days.values()]
}

export function busySpans(day: RoomDay): Span[] {
  return day.busy.map((taken) => ({ from: Temporal.Instant.from(taken.from), to: Temporal.Instant.from(taken.to) }))
}

/** Until when the room stays free after the wished time, or null when nothing comes after it that day. */
export function freeUntil(day: RoomDay, wished: Span): Temporal.Instant | null {
  const endOfAll = wished.from.add({ hours: 24 })
  const gap = gapAround({ from: wished.from, to: endOfAll }, busySpans(day), wished.from)
  return gap && Temporal.Instant.compare(gap.to, endOfAll) < 0 ? gap.to : null
}

/** The first unbroken time inside the wished one at which the room is taken; neighbouring times count as one. */
export function takenAround(day: RoomDay, wished: Span): Span {
  const inOrder = busySpans(day).sort((one, other) => Temporal.Instant.compare(one.from, other.from))
  let found: Span | null = null
  for (const taken of inOrder) {
    const touches = found !== null && Temporal.Instant.compare(taken.from, found.to) <= 0
    if (found === null && Temporal.Instant.compare(taken.to, wished.from) > 0) found = taken
    else if (found && touches && Temporal.Instant.compare(taken.to, found.to) > 0)
      found = { from: found.from, to: taken.to }
  }
  return found ?? wished
}

/** What a room's Book button offers: the wished time, or the nearest one at which it is free; null on a day that is full. */
export function offeredSpan(day: RoomDay, wished: Span, now: Temporal.Instant): Span | null {
  if (day.free && Temporal.Instant.compare(wished.from, now) >= 0) return wished
  return nearestFree(workingDay(day.room.building.timeZone, wished), busySpans(day), wished, now)
}

export type FreeTime = { day: RoomDay; span: Span }

/** When nothing is free: the few rooms that become free closest to the wished time. */
export function nearestFreeTimes(
  rooms: readonly RoomDay[],
  wished: Span,
  now: Temporal.Instant,
  count = 3,
): FreeTime[] {
  const distance = (found: FreeTime) => Math.abs(found.span.from.since(wished.from).total('minutes'))
  return rooms
    .flatMap((day) => {
      const span = nearestFree(workingDay(day.room.building.timeZone, wished), busySpans(day), wished, now)
      return span ? [{ day, span }] : []
    })
    .sort((one, other) => distance(one) - distance(other) || inOrder(wished)(one.day, other.day))
    .slice(0, count)
}

/** Nobody wants to be offered 3 o'clock in the morning. */
function workingDay(timeZone: string, wished: Span): Span {
  const day = wished.from.toZonedDateTimeISO(timeZone)
  const at = (hour: number) => day.withPlainTime(new Temporal.PlainTime(hour)).toInstant()
  return { from: at(7), to: at(20) }
}

/** A room that the reader just took stays among the free ones, where it was when they pressed the button. */
function inOrder(wished: Span): (one: RoomDay, other: RoomDay) => number {
  const open = (day: RoomDay) => Number(day.free || isTheirs(day, wished))
  return (one, other) =>
    open(other) - open(one) || one.room.capacity - other.room.capacity || one.room.name.localeCompare(other.room.name)
}

/** Whether the reader holds the room at the wished time. */
export function isTheirs(day: RoomDay, wished: Span): boolean {
  return day.busy.some(
    ({ mine, from, to }) =>
      mine && Date.parse(from) < wished.to.epochMilliseconds && Date.parse(to) > wished.from.epochMilliseconds,
  )
}
