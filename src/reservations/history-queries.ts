import type { Insertable, Selectable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export async function insertHistory(trx: Database, row: Insertable<Schema['reservation_history']>): Promise<void> {
  await trx.insertInto('reservation_history').values(row).execute()
}

const entriesMax = 500

/** Newest first. */
export async function selectHistory(
  db: Database,
  reservationId: string,
): Promise<Selectable<Schema['reservation_history']>[]> {
  return db
    .selectFrom('reservation_history')
    .selectAll()
    .where('reservation_id', '=', reservationId)
    .orderBy('seq', 'desc')
    .limit(entriesMax)
    .execute()
}
