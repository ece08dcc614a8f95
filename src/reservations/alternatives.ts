import type { Database } from '#db/database.ts'
import type { Room } from '#rooms/contract.ts'
import { findRooms } from '#rooms/room.ts'
import { selectHolders } from './queries.ts'
import type { TimeSpan } from './wished-time.ts'

export type Alternative = { roomId: string; name: string; capacity: number }

const alternativesMax = 3

type Need = {
  room: Room
  span: TimeSpan
  people: number
  /** Known to be taken although nobody reserved them here. */
  except?: readonly string[]
  max?: number
}

/** Up to three rooms of the same building that are free then and hold as many people, smallest first. */
export async function findAlternatives(
  db: Database,
  { room, span, people, except = [], max = alternativesMax }: Need,
): Promise<Alternative[]> {
  const found = await findRooms(db, { buildingId: room.building.id, capacity: people })
  const others = found.filter((other) => other.id !== room.id && !except.includes(other.id))
  const holders = await selectHolders(
    db,
    others.map((other) => other.id),
    span,
  )
  const taken = new Set(holders.map((holder) => holder.room_id))
  return others
    .filter((other) => !taken.has(other.id))
    .slice(0, max)
    .map(({ id, name, capacity }) => ({ roomId: id, name, capacity }))
}

/** `Free then: Venus, Mars.` */
export function sayAlternatives(alternatives: readonly Alternative[], room: Room): string {
  if (alternatives.length === 0) return `No other room in ${room.building.name} is free then.`
  return `Free then: ${alternatives.map(({ name }) => name).join(', ')}.`
}
