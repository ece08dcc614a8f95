import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'

export type ConfiguredRoom = Selectable<Schema['configured_rooms']>

const sorting = {
  columns: {
    room: folded('room_name'),
    building: folded('building_name'),
    provider: folded('provider_name'),
    active: plain('active'),
    updatedAt: plain('updated_at'),
  },
  fallback: folded('room_name'),
  tieBreaker: 'id',
}

export type ConfigurationFilter = {
  providerId?: string
  buildingId?: string
  active?: boolean
  noRequest?: boolean
}

export async function listConfiguredRooms(db: Database, filter: ListQuery & ConfigurationFilter) {
  let query = db.selectFrom('configured_rooms').selectAll()
  if (filter.q) {
    const text = sql<string>`room_name || ' ' || mailbox || ' ' || building_name`
    query = query.where(text, 'ilike', containing(filter.q))
  }
  if (filter.providerId) query = query.where('provider_id', '=', filter.providerId)
  if (filter.buildingId) query = query.where('building_id', '=', filter.buildingId)
  if (filter.active !== undefined) query = query.where('active', '=', filter.active)
  if (filter.noRequest !== undefined) query = query.where('no_request', '=', filter.noRequest)
  return readPage(query, filter, sorting)
}

export async function selectConfiguredRoom(db: Database, id: string): Promise<ConfiguredRoom | undefined> {
  return db.selectFrom('configured_rooms').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Rooms of a provider, active configurations first. */
export async function selectRoomsOfProvider(db: Database, providerId: string, limit: number) {
  return db
    .selectFrom('configured_rooms')
    .selectAll()
    .where('provider_id', '=', providerId)
    .orderBy('active', 'desc')
    .orderBy('room_name')
    .limit(limit)
    .execute()
}

export async function selectRoomIdsOfProvider(db: Database, providerId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('sync_configurations')
    .select('room_id')
    .where('provider_id', '=', providerId)
    .execute()
  return rows.map(({ room_id }) => room_id)
}

/** Held until the transaction ends. */
export async function lockConfiguration(trx: Database, id: string) {
  return trx.selectFrom('sync_configurations').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function insertConfiguration(
  trx: Database,
  row: Insertable<Schema['sync_configurations']>,
): Promise<boolean> {
  const inserted = await trx
    .insertInto('sync_configurations')
    .values(row)
    .onConflict((conflict) => conflict.column('room_id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function updateConfiguration(
  trx: Database,
  id: string,
  change: Updateable<Schema['sync_configurations']>,
): Promise<void> {
  await trx
    .updateTable('sync_configurations')
    .set({ ...change, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function deleteConfiguration(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('sync_configurations').where('id', '=', id).execute()
}
