import type { Selectable, Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type RoomEventRow = Selectable<Schema['room_events']>

/** Events of a room that have not been compared with the reservations since they changed, the longest waiting first. */
export async function selectDueRoomEvents(
  db: Database,
  { roomId, now, limit }: { roomId: string; now: Date; limit: number },
): Promise<RoomEventRow[]> {
  return db
    .selectFrom('room_events')
    .selectAll()
    .where('room_id', '=', roomId)
    .where('plan_due_at', '<=', now)
    .orderBy('plan_due_at')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** When the next of them is due, when none is due now. */
export async function selectNextPlanMoment(db: Database, roomId: string): Promise<Date | null> {
  const row = await db
    .selectFrom('room_events')
    .select(({ fn }) => fn.min('plan_due_at').as('moment'))
    .where('room_id', '=', roomId)
    .where('plan_due_at', 'is not', null)
    .executeTakeFirst()
  return row?.moment ?? null
}

/** Rooms that have such events now. */
export async function selectRoomsWithDueEvents(db: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('room_events')
    .select('room_id')
    .distinct()
    .where('plan_due_at', '<=', now)
    .limit(limit)
    .execute()
  return rows.map((row) => row.room_id)
}

/** Every room's copy of one meeting, those that are gone too. */
export async function selectRoomEventsOfMeeting(db: Database, iCalUId: string): Promise<RoomEventRow[]> {
  return db.selectFrom('room_events').selectAll().where('i_cal_uid', '=', iCalUId).orderBy('first_seen_at').execute()
}

export async function updateRoomEvent(
  trx: Database,
  id: string,
  values: Updateable<Schema['room_events']>,
): Promise<void> {
  await trx.updateTable('room_events').set(values).where('id', '=', id).execute()
}

/** The same, unless it was read anew meanwhile: then it is due again, and stays so. */
export async function updateRoomEventAsSeen(
  trx: Database,
  { id, changed_at }: Pick<RoomEventRow, 'id' | 'changed_at'>,
  values: Updateable<Schema['room_events']>,
): Promise<void> {
  await trx.updateTable('room_events').set(values).where('id', '=', id).where('changed_at', '=', changed_at).execute()
}

/** Rows of a meeting that are there, and wait for nothing, become due. */
export async function updateDueOfMeeting(
  db: Database,
  { roomId, iCalUId, at }: { roomId: string; iCalUId: string; at: Date },
): Promise<void> {
  await db
    .updateTable('room_events')
    .set({ plan_due_at: at })
    .where('room_id', '=', roomId)
    .where('i_cal_uid', '=', iCalUId)
    .where('gone_at', 'is', null)
    .where('plan_due_at', 'is', null)
    .execute()
}
