import { type Insertable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'

const roomSorting = {
  columns: {
    name: folded('rooms.name'),
    building: folded('buildings.name'),
    mailbox: folded('rooms.mailbox'),
    capacity: plain('rooms.capacity'),
    active: plain('rooms.active'),
  },
  fallback: folded('rooms.name'),
  tieBreaker: 'rooms.id',
}

export async function listRoomRows(db: Database, filter: ListQuery & { buildingId?: string; active?: boolean }) {
  let query = roomRows(db)
  if (filter.q) {
    const text = sql<string>`rooms.name || ' ' || rooms.mailbox || ' ' || buildings.name`
    query = query.where(text, 'ilike', containing(filter.q))
  }
  if (filter.buildingId) query = query.where('rooms.building_id', '=', filter.buildingId)
  if (filter.active !== undefined) query = query.where('rooms.active', '=', filter.active)
  return readPage(query, filter, roomSorting)
}

export async function selectRoomRow(db: Database, id: string) {
  return roomRows(db).where('rooms.id', '=', id).executeTakeFirst()
}

/** Held until the transaction ends. */
export async function lockRoomRow(trx: Database, id: string) {
  return trx.selectFrom('rooms').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function insertRoom(trx: Database, row: Insertable<Schema['rooms']>): Promise<void> {
  await trx.insertInto('rooms').values(row).execute()
}

export async function updateRoomRow(trx: Database, id: string, change: Updateable<Schema['rooms']>): Promise<void> {
  await trx
    .updateTable('rooms')
    .set({ ...change, version: sql`version + 1` })
    .where('id', '=', id)
    .execute()
}

const buildingSorting = {
  columns: {
    name: folded('buildings.name'),
    city: folded('buildings.city'),
    timeZone: folded('buildings.time_zone'),
  },
  fallback: folded('buildings.name'),
  tieBreaker: 'buildings.id',
}

export async function listBuildingRows(db: Database, filter: ListQuery) {
  const query = buildingRows(db)
  const text = sql<string>`buildings.name || ' ' || buildings.city`
  return readPage(filter.q ? query.where(text, 'ilike', containing(filter.q)) : query, filter, buildingSorting)
}

export async function selectBuildingRow(db: Database, id: string) {
  return buildingRows(db).where('buildings.id', '=', id).executeTakeFirst()
}

export async function lockBuildingRow(trx: Database, id: string) {
  return trx.selectFrom('buildings').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function insertBuilding(trx: Database, row: Insertable<Schema['buildings']>): Promise<void> {
  await trx.insertInto('buildings').values(row).execute()
}

export async function updateBuildingRow(
  trx: Database,
  id: string,
  change: Updateable<Schema['buildings']>,
): Promise<void> {
  await trx
    .updateTable('buildings')
    .set({ ...change, version: sql`version + 1` })
    .where('id', '=', id)
    .execute()
}

function roomRows(db: Database) {
  return db
    .selectFrom('rooms')
    .innerJoin('buildings', 'buildings.id', 'rooms.building_id')
    .selectAll('rooms')
    .select(['buildings.name as building_name', 'buildings.city', 'buildings.time_zone'])
}

function buildingRows(db: Database) {
  return db
    .selectFrom('buildings')
    .selectAll('buildings')
    .select((select) =>
      select
        .selectFrom('rooms')
        .select(sql<string>`count(*)`.as('count'))
        .whereRef('rooms.building_id', '=', 'buildings.id')
        .as('room_count'),
    )
}
