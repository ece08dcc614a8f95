import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { hashOf } from './hash.ts'
import { insertEntries, takeChainEnd } from './queries.ts'

/** Who did what to what. `action` is `feature.verb`; `details` holds names, ids and counts, never a secret. */
export type AuditEntry = {
  /** Null when the system acted by itself. */
  actorId: string | null
  actorName: string
  action: `${string}.${string}`
  subject: { kind: string; id: string; name: string }
  details?: Record<string, unknown>
  requestId?: string | null
}

/**
 * Appends one entry to the audit trail, in the caller's transaction, so that a change and its entry stand or fall together.
 *
 * Each entry's hash covers the hash before it, so an entry that is altered or taken out later is noticed by `verifyAudit`. Writers
 * therefore take turns from here to their commit: call it last in a transaction.
 */
export async function recordAudit(executor: Database, entry: AuditEntry): Promise<void> {
  await recordAudits(executor, [entry])
}

/** The same for several, which follow each other in the chain. */
export async function recordAudits(executor: Database, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  await transaction(executor, async (trx) => {
    const { previousHash, at } = await takeChainEnd(trx)
    let end = previousHash
    const rows = entries.map((entry) => {
      const row = { ...rowOf(entry), at, previous_hash: end }
      end = hashOf(row)
      return { ...row, hash: end }
    })
    await insertEntries(trx, rows)
  })
}

function rowOf(entry: AuditEntry) {
  return {
    actor_id: entry.actorId,
    actor_name: entry.actorName,
    action: entry.action,
    subject_kind: entry.subject.kind,
    subject_id: entry.subject.id,
    subject_name: entry.subject.name,
    // As it will be read back: without undefined fields, dates as text.
    details: JSON.parse(JSON.stringify(entry.details ?? {})) as Record<string, unknown>,
    request_id: entry.requestId ?? null,
  }
}
