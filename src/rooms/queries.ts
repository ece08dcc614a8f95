import { sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Building, Room } from './contract.ts'

/** Which rooms to find; what is left out does not narrow. Only rooms in use are found, except by id. */
export type RoomFilter = { ids?: readonly string[]; buildingId?: string; capacity?: number; q?: string }

const roomsMax = 2_000

export async function selectRooms(db: Database, { ids, buildingId, capacity, q }: RoomFilter): Promise<Room[]> {
  if (ids?.length === 0) return []
  let query = db.selectFrom('rooms').innerJoin('buildings', 'buildings.id', 'rooms.building_id').select(roomColumns)
  query = ids ? query.where('rooms.id', 'in', ids) : query.where('rooms.active', '=', true)
  if (buildingId) query = query.where('rooms.building_id', '=', buildingId)
  if (capacity) query = query.where('rooms.capacity', '>=', capacity)
  if (q) query = query.where(sql<boolean>`rooms.name || ' ' || buildings.name ilike ${likePattern(q)}`)
  const rows = await query
    .orderBy('buildings.name')
    .orderBy('rooms.capacity')
    .orderBy('rooms.name')
    .limit(roomsMax)
    .execute()
  return rows.map(roomOf)
}

export async function selectOwnApproval(db: Database, id: string): Promise<boolean> {
  const row = await db.selectFrom('rooms').select('own_approval').where('id', '=', id).executeTakeFirst()
  return row?.own_approval ?? false
}

export async function selectBuildings(db: Database): Promise<Building[]> {
  const rows = await db.selectFrom('buildings').select(['id', 'name', 'city', 'time_zone']).orderBy('name').execute()
  return rows.map((row) => ({ id: row.id, name: row.name, city: row.city, timeZone: row.time_zone }))
}

/** One building by its name, made or brought up to date; the id of the one that is there. */
export async function upsertBuilding(db: Database, building: Building): Promise<string> {
  const { id, name, city, timeZone } = building
  const row = await db
    .insertInto('buildings')
    .values({ id, name, city, time_zone: timeZone })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ city, time_zone: timeZone }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export type RoomRow = Omit<Room, 'building'> & { buildingId: string }

/** One room by its mailbox, made or brought up to date; the id of the one that is there. */
export async function upsertRoom(db: Database, room: RoomRow): Promise<string> {
  const { id, name, mailbox, buildingId, floor, capacity, equipment, needsApproval } = room
  const values = { name, building_id: buildingId, floor, capacity, equipment, needs_approval: needsApproval }
  const row = await db
    .insertInto('rooms')
    .values({ id, mailbox, ...values })
    .onConflict((conflict) => conflict.expression(sql`lower(mailbox)`).doUpdateSet(values))
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

const roomColumns = [
  'rooms.id',
  'rooms.name',
  'rooms.mailbox',
  'rooms.floor',
  'rooms.capacity',
  'rooms.equipment',
  'rooms.needs_approval',
  'buildings.id as building_id',
  'buildings.name as building_name',
  'buildings.city',
  'buildings.time_zone',
] as const

type RoomColumns = {
  id: string
  name: string
  mailbox: string
  floor: number | null
  capacity: number
  equipment: string[]
  needs_approval: boolean
  building_id: string
  building_name: string
  city: string
  time_zone: string
}

function roomOf(row: RoomColumns): Room {
  const { id, name, mailbox, floor, capacity, equipment, needs_approval: needsApproval } = row
  const building = { id: row.building_id, name: row.building_name, city: row.city, timeZone: row.time_zone }
  return { id, name, mailbox, building, floor, capacity, equipment, needsApproval }
}

/** What somebody types is text, not a pattern. */
function likePattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
}
