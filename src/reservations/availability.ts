import type { z } from 'zod'
import type { Database } from '#db/database.ts'
import type { Actor } from '#http/actor.ts'
import type { Room } from '#rooms/contract.ts'
import { findRooms } from '#rooms/room.ts'
import type { availability as availabilityEndpoint } from './contract.ts'
import { refused } from './errors.ts'
import { type Holder, selectHolders } from './queries.ts'
import { daysAround } from './wall-time.ts'
import type { TimeSpan } from './wished-time.ts'

type Query = z.output<NonNullable<typeof availabilityEndpoint.query>>
type Answer = z.input<typeof availabilityEndpoint.answer>

const spanMsMax = 7 * 24 * 60 * 60 * 1000

/**
 * Rooms that fit, with what holds each of them on the days (by the building's clocks) that the wish touches, and whether it is
 * free for the whole wish.
 * @throws Refusal `reservations.ends_before_start`, `reservations.too_long` beyond a week
 */
export async function readAvailability(db: Database, actor: Actor, query: Query): Promise<Answer> {
  const wish = { startsAt: new Date(query.from), endsAt: new Date(query.to) }
  const lengthMs = wish.endsAt.getTime() - wish.startsAt.getTime()
  if (lengthMs <= 0) throw refused('reservations.ends_before_start')
  if (lengthMs > spanMsMax) throw refused('reservations.too_long', { say: 'Ask for at most a week at once.' })
  const rooms = (await findRooms(db, query)).filter((room) => hasAll(room, query.equipment))
  const holders = await holdersByRoom(db, rooms, wish)
  const answers = rooms.map((room) => {
    const held = holders.get(room.id) ?? []
    const free = !held.some((one) => one.starts_at < wish.endsAt && wish.startsAt < one.ends_at)
    return { room, free, busy: held.map((one) => busyTime(one, actor)) }
  })
  return { rooms: query.freeOnly ? answers.filter(({ free }) => free) : answers }
}

/** One statement per time zone, because a day begins at another moment in each. */
async function holdersByRoom(db: Database, rooms: readonly Room[], wish: TimeSpan): Promise<Map<string, Holder[]>> {
  const byZone = Map.groupBy(rooms, (room) => room.building.timeZone)
  const found = await Promise.all(
    [...byZone].map(([zone, inZone]) =>
      selectHolders(
        db,
        inZone.map((room) => room.id),
        daysAround(wish, zone),
      ),
    ),
  )
  return Map.groupBy(found.flat(), (holder) => holder.room_id)
}

function busyTime({ starts_at, ends_at, requested_for_id, is_private, subject }: Holder, actor: Actor) {
  const mine = requested_for_id === actor.userId
  const label = is_private && !mine ? 'Private' : subject
  return { from: starts_at.toISOString(), to: ends_at.toISOString(), mine, label }
}

function hasAll(room: Room, equipment: string | undefined): boolean {
  const wanted = (equipment ?? '').split(',').map((name) => name.trim().toLowerCase())
  const has = new Set(room.equipment.map((name) => name.toLowerCase()))
  return wanted.every((name) => name === '' || has.has(name))
}
