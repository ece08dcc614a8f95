import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

/** One change on its way to Outlook, as it was sent and answered. */
export type SyncEventRow = Selectable<Schema['sync_events']>

/** Begun, or begun again. */
export async function upsertSyncEvent(trx: Database, row: Insertable<Schema['sync_events']>): Promise<void> {
  const again = { state: row.state, sub_state: row.sub_state ?? null, updated_at: row.updated_at }
  await trx
    .insertInto('sync_events')
    .values({ ...row, attempts: 1 })
    .onConflict((conflict) =>
      conflict.column('seq').doUpdateSet({
        ...again,
        payload: row.payload ?? null,
        attempts: sql<number>`sync_events.attempts + 1`,
      }),
    )
    .execute()
}

export async function updateSyncEvent(
  trx: Database,
  seq: string,
  values: Updateable<Schema['sync_events']>,
): Promise<void> {
  await trx.updateTable('sync_events').set(values).where('seq', '=', seq).execute()
}

/** Those of a reservation that were to be tried again. */
export async function updateOpenSyncEvents(
  trx: Database,
  { reservationId, open }: { reservationId: string; open: readonly string[] },
  values: Updateable<Schema['sync_events']>,
): Promise<void> {
  await trx
    .updateTable('sync_events')
    .set(values)
    .where('reservation_id', '=', reservationId)
    .where('state', '=', 'error')
    .where('sub_state', 'in', open)
    .execute()
}
