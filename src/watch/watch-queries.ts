import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type WatchRow = Selectable<Schema['room_watches']>
export type WatchValues = Updateable<Schema['room_watches']>

export function selectWatch(db: Database, roomId: string): Promise<WatchRow | undefined> {
  return db.selectFrom('room_watches').selectAll().where('room_id', '=', roomId).executeTakeFirst()
}

export async function selectWatches(db: Database, roomIds: readonly string[] | 'all'): Promise<WatchRow[]> {
  if (roomIds.length === 0) return []
  const query = db.selectFrom('room_watches').selectAll()
  return (roomIds === 'all' ? query : query.where('room_id', 'in', roomIds)).execute()
}

/** Watches of rooms that are there already stay as they are. */
export async function insertWatches(trx: Database, rows: Insertable<Schema['room_watches']>[]): Promise<void> {
  if (rows.length === 0) return
  await trx
    .insertInto('room_watches')
    .values(rows)
    .onConflict((conflict) => conflict.column('room_id').doNothing())
    .execute()
}

export async function updateWatch(trx: Database, roomId: string, values: WatchValues): Promise<void> {
  await trx.updateTable('room_watches').set(values).where('room_id', '=', roomId).execute()
}

/** False, and nothing done, when the room was given another mailbox or provider meanwhile, or is not in that state any more. */
export async function updateWatchAsSeen(
  trx: Database,
  seen: Pick<WatchRow, 'room_id' | 'mailbox' | 'provider_id' | 'state'>,
  values: WatchValues,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('room_watches')
    .set(values)
    .where('room_id', '=', seen.room_id)
    .where('mailbox', '=', seen.mailbox)
    .where('provider_id', '=', seen.provider_id)
    .where('state', '=', seen.state)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Counts one more suspicion of a change. @returns the rooms that are watched, and so will be read. */
export async function countHints(trx: Database, roomIds: readonly string[], now: Date): Promise<string[]> {
  if (roomIds.length === 0) return []
  const rows = await trx
    .updateTable('room_watches')
    .set({ hints: sql`hints + 1`, hinted_at: now })
    .where('room_id', 'in', roomIds)
    .where('state', '=', 'watching')
    .returning('room_id')
    .execute()
  return rows.map(({ room_id }) => room_id)
}

/** Somebody looks at this room until then. One that cannot be read just now is tried when it was said. @returns it, if it is watched */
export async function markLookedAt(
  db: Database,
  roomId: string,
  { until, nextReadAt }: { until: Date; nextReadAt: Date },
): Promise<WatchRow | undefined> {
  return db
    .updateTable('room_watches')
    .set({
      looked_at_until: until,
      next_read_at: sql`case when attempts = 0 then least(next_read_at, ${nextReadAt}) else next_read_at end`,
    })
    .where('room_id', '=', roomId)
    .where('state', '=', 'watching')
    .returningAll()
    .executeTakeFirst()
}

/** Rooms to be read until then, the longest due first. */
export async function selectDueReads(
  db: Database,
  until: Date,
  limit: number,
): Promise<{ roomId: string; at: Date }[]> {
  const rows = await db
    .selectFrom('room_watches')
    .select(['room_id', 'next_read_at'])
    .where('state', '=', 'watching')
    .where('next_read_at', '<=', until)
    .orderBy('next_read_at')
    .limit(limit)
    .execute()
  return rows.flatMap(({ room_id, next_read_at }) =>
    next_read_at === null ? [] : [{ roomId: room_id, at: next_read_at }],
  )
}

/** Rooms with a hint that is older than this and that no read has followed. */
export async function selectForgottenHints(db: Database, before: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('room_watches')
    .select('room_id')
    .where('state', '=', 'watching')
    .whereRef('hints', '>', 'read_hints')
    .where('hinted_at', '<=', before)
    .limit(limit)
    .execute()
  return rows.map(({ room_id }) => room_id)
}

export async function selectDueProbes(db: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('room_watches')
    .select('room_id')
    .where('next_probe_at', '<=', now)
    .where('state', 'in', ['waiting', 'watching'])
    .orderBy('next_probe_at')
    .limit(limit)
    .execute()
  return rows.map(({ room_id }) => room_id)
}

export async function selectDueCompares(db: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('room_watches')
    .select('room_id')
    .where('state', '=', 'watching')
    .where('next_compare_at', '<=', now)
    // One that cannot be read just now is compared when it can.
    .where('attempts', '=', 0)
    .orderBy('next_compare_at')
    .limit(limit)
    .execute()
  return rows.map(({ room_id }) => room_id)
}

/** These are tried at that moment, unless they are held or stopped. @returns the rooms that will be. */
export async function probeAt(db: Database, roomIds: readonly string[] | 'waiting', at: Date): Promise<string[]> {
  if (roomIds.length === 0) return []
  const query = db.updateTable('room_watches').set({ next_probe_at: at })
  const chosen =
    roomIds === 'waiting'
      ? query.where('state', '=', 'waiting')
      : query.where('room_id', 'in', roomIds).where('state', 'in', ['waiting', 'watching'])
  return (await chosen.returning('room_id').execute()).map(({ room_id }) => room_id)
}

/** Rooms of a provider; with a method, those that are watched in this way. */
export async function selectRoomsOfProvider(
  db: Database,
  providerId: string,
  method?: 'delta' | 'windows',
): Promise<string[]> {
  const query = db.selectFrom('room_watches').select('room_id').where('provider_id', '=', providerId)
  const chosen = method === undefined ? query : query.where('method', '=', method).where('state', '=', 'watching')
  const rows = await chosen.orderBy('room_id').execute()
  return rows.map(({ room_id }) => room_id)
}

/** Rooms that can only be looked at so far. */
export async function selectLookedAt(db: Database): Promise<string[]> {
  const rows = await db
    .selectFrom('room_watches')
    .select('room_id')
    .where('state', '=', 'watching')
    .where('method', '=', 'windows')
    .execute()
  return rows.map(({ room_id }) => room_id)
}

/** How many rooms of a provider are in which state. */
export async function countByState(db: Database, providerId: string): Promise<[string, number][]> {
  const rows = await db
    .selectFrom('room_watches')
    .select(({ fn }) => ['state', fn.countAll<string>().as('count')])
    .where('provider_id', '=', providerId)
    .groupBy('state')
    .execute()
  return rows.map(({ state, count }) => [state, Number(count)])
}
