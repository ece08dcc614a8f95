import type { Database } from '#db/database.ts'
import { violatedConstraint } from '#db/transaction.ts'
import type { Refusal } from '#kit/refusal.ts'
import type { Room } from '#rooms/contract.ts'
import { findAlternatives, sayAlternatives } from './alternatives.ts'
import { refused } from './errors.ts'
import { selectHolders } from './queries.ts'
import { hoursIn } from './wall-time.ts'
import type { TimeSpan } from './wished-time.ts'

/** The room one wants, when, and for how many; `id` of the reservation that wants it, if there is one already. */
export type Wish = { room: Room; span: TimeSpan; people: number; id?: string }

/** Did the database refuse because two reservations would hold the room at once? */
export function isOverlap(problem: unknown): boolean {
  return violatedConstraint(problem) === 'reservations_no_overlap'
}

/**
 * The refusal that names what holds the room and what is free instead: "Mercury is taken from 10:00 to 11:00. Free then:
 * Venus, Mars." Facts: `taken` (times), `alternatives` (roomId, name, capacity).
 */
export async function roomTaken(db: Database, { room, span, people, id }: Wish): Promise<Refusal> {
  const holders = (await selectHolders(db, [room.id], span)).filter((holder) => holder.id !== id)
  const alternatives = await findAlternatives(db, { room, span, people })
  const times = holders.map(({ starts_at: startsAt, ends_at: endsAt }) => ({ startsAt, endsAt }))
  const hours = times.slice(0, 3).map((time) => `from ${hoursIn(time, room.building.timeZone)}`)
  const taken = hours.length > 0 ? `${room.name} is taken ${hours.join(' and ')}.` : `${room.name} was taken just then.`
  return refused('reservations.room_taken', {
    say: `${taken} ${sayAlternatives(alternatives, room)}`,
    facts: {
      taken: times.map(({ startsAt, endsAt }) => ({ from: startsAt.toISOString(), to: endsAt.toISOString() })),
      alternatives,
    },
  })
}

/** For what does not reserve yet: refuses early when somebody holds the room. */
export async function refuseTaken(db: Database, wish: Wish): Promise<void> {
  const holders = await selectHolders(db, [wish.room.id], wish.span)
  if (holders.length > 0) throw await roomTaken(db, wish)
}

/** Runs what reserves a room; the database's refusal becomes the kind one. */
export async function orRoomTaken<T>(db: Database, wish: Wish, reserve: () => Promise<T>): Promise<T> {
  try {
    return await reserve()
  } catch (problem) {
    throw isOverlap(problem) ? await roomTaken(db, wish) : problem
  }
}

/** Does another reservation hold the room at some moment of the span? */
export async function isRoomHeld(
  db: Database,
  { roomId, span, except }: { roomId: string; span: TimeSpan; except: string | null },
): Promise<boolean> {
  return (await selectHolders(db, [roomId], span)).some((holder) => holder.id !== except)
}
