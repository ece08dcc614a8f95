import type { Insertable, Selectable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type ProposalRow = Selectable<Schema['reservation_proposals']>

export async function insertProposal(trx: Database, row: Insertable<Schema['reservation_proposals']>): Promise<void> {
  await trx.insertInto('reservation_proposals').values(row).execute()
}

/** Those that nobody has settled, the newest first. */
export async function selectOpenProposals(db: Database, reservationIds: readonly string[]): Promise<ProposalRow[]> {
  if (reservationIds.length === 0) return []
  return db
    .selectFrom('reservation_proposals')
    .selectAll()
    .where('reservation_id', 'in', reservationIds)
    .where('settled_at', 'is', null)
    .orderBy('created_at', 'desc')
    .execute()
}

export async function settleProposal(
  trx: Database,
  id: string,
  { outcome, now }: { outcome: NonNullable<ProposalRow['outcome']>; now: Date },
): Promise<void> {
  await trx.updateTable('reservation_proposals').set({ outcome, settled_at: now }).where('id', '=', id).execute()
}

const shownMax = 100

/** All of a reservation, settled ones too, the newest first. */
export async function selectProposals(db: Database, reservationId: string): Promise<ProposalRow[]> {
  return db
    .selectFrom('reservation_proposals')
    .selectAll()
    .where('reservation_id', '=', reservationId)
    .orderBy('created_at', 'desc')
    .limit(shownMax)
    .execute()
}
