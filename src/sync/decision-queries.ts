import type { Insertable, Selectable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type DecisionRow = Selectable<Schema['sync_decisions']>

export async function insertDecision(trx: Database, row: Insertable<Schema['sync_decisions']>): Promise<void> {
  await trx.insertInto('sync_decisions').values(row).execute()
}

const shownMax = 200

/** What was decided about a reservation, the newest first. */
export async function selectDecisions(db: Database, reservationId: string): Promise<DecisionRow[]> {
  return db
    .selectFrom('sync_decisions')
    .selectAll()
    .where('reservation_id', '=', reservationId)
    .orderBy('seq', 'desc')
    .limit(shownMax)
    .execute()
}
