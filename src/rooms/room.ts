import type { Database } from '#db/database.ts'
import type { Room } from './contract.ts'
import { type RoomFilter, selectOwnApproval, selectRooms, upsertBuilding, upsertRoom } from './queries.ts'

/** Rooms by building, then smallest first. */
export function findRooms(db: Database, filter: Omit<RoomFilter, 'ids'>): Promise<Room[]> {
  return selectRooms(db, filter)
}

/** One room, also when it is no longer in use; undefined when there is none. */
export async function findRoom(db: Database, id: string): Promise<Room | undefined> {
  return (await selectRooms(db, { ids: [id] }))[0]
}

/** Several rooms by id, for lists of something that has a room. */
export async function findRoomsById(db: Database, ids: readonly string[]): Promise<Map<string, Room>> {
  const rooms = await selectRooms(db, { ids: [...new Set(ids)] })
  return new Map(rooms.map((room) => [room.id, room]))
}

/** Does somebody of ours have to approve reservations of this room, besides what its mailbox says? */
export function needsOwnApproval(db: Database, id: string): Promise<boolean> {
  return selectOwnApproval(db, id)
}

export type BuildingToEnsure = { id: string; name: string; city: string; timeZone: string }

/** Makes the building with this name exist as described. Doing it again changes nothing. @returns its id. */
export function ensureBuilding(db: Database, building: BuildingToEnsure): Promise<string> {
  return upsertBuilding(db, building)
}

export type RoomToEnsure = {
  id: string
  name: string
  /** The room's address at Exchange, which is what a room is known by; case does not matter. */
  mailbox: string
  buildingId: string
  floor: number | null
  capacity: number
  equipment: string[]
  needsApproval: boolean
}

/** Makes the room with this mailbox exist as described. Doing it again changes nothing. @returns its id. */
export function ensureRoom(db: Database, room: RoomToEnsure): Promise<string> {
  return upsertRoom(db, room)
}
