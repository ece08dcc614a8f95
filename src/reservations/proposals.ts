import type { Database } from '#db/database.ts'
import { type ProposalRow, selectProposals } from './proposal-queries.ts'

/** A proposal and what became of it. */
export type ProposalStory = {
  id: string
  sentence: string
  /** Why it was proposed and not made. */
  because: string
  mailedTo: string | null
  createdAt: Date
  /** `taken`: it happened in Outlook. `overtaken`: something else happened there. Null while it is open. */
  outcome: ProposalRow['outcome']
  settledAt: Date | null
}

/** Everything that was proposed for a reservation, the newest first. */
export async function proposalsOf(db: Database, reservationId: string): Promise<ProposalStory[]> {
  const rows = await selectProposals(db, reservationId)
  return rows.map(({ id, sentence, because, mailed_to, created_at, outcome, settled_at }) => ({
    id,
    sentence,
    because,
    mailedTo: mailed_to,
    createdAt: created_at,
    outcome,
    settledAt: settled_at,
  }))
}
