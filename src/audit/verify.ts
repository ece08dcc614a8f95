import type { Database } from '#db/database.ts'
import { hashOf } from './hash.ts'
import { type AuditRow, firstHash, readEntries } from './queries.ts'

/** Where the chain stood: kept somewhere else, it proves later that nothing was cut off its end or written anew. */
export type ChainMark = { seq: string; hash: string }

export type BrokenEntry = {
  seq: string
  at: Date
  action: string
  /** `altered`: its own content does not fit its hash. `predecessor`: the entry before it was altered, or one between them taken out. */
  because: 'altered' | 'predecessor'
}

export type Verification = {
  /** How many entries fit, from the first. */
  checked: number
  broken: BrokenEntry | null
  /** The last entry that fits; null for an empty trail. */
  end: ChainMark | null
  /** Whether the entry of the given mark was passed with that very hash; null when no mark was given. */
  includesMark: boolean | null
}

const pageSize = 1_000

/**
 * Walks the whole chain from its first entry and names the first one that does not fit.
 *
 * A chain alone cannot show that its newest entries are gone, or that all of it was written anew by somebody who may write to the
 * table and switch its trigger off. Give the mark of an earlier run (`end`) to see that too.
 */
export async function verifyAudit(db: Database, mark?: ChainMark): Promise<Verification> {
  const walked: Verification = { checked: 0, broken: null, end: null, includesMark: mark === undefined ? null : false }
  for (;;) {
    const rows = await readEntries(db, walked.end?.seq ?? '0', pageSize)
    for (const row of rows) {
      walked.broken = misfit(row, walked.end?.hash ?? firstHash)
      if (walked.broken !== null) return walked
      walked.end = { seq: row.seq, hash: row.hash }
      walked.checked++
      if (row.seq === mark?.seq && row.hash === mark.hash) walked.includesMark = true
    }
    if (rows.length < pageSize) return walked
  }
}

function misfit(row: AuditRow, previousHash: string): BrokenEntry | null {
  const where = { seq: row.seq, at: row.at, action: row.action }
  if (row.hash !== hashOf(row)) return { ...where, because: 'altered' }
  return row.previous_hash === previousHash ? null : { ...where, because: 'predecessor' }
}
