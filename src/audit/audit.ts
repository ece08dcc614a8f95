import { createHash } from 'node:crypto'
import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { type AuditRow, firstHash, insertEntry, lockChain, readChainEnd, readEntries } from './queries.ts'

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
 * Each entry's hash covers the hash before it, so an entry that is altered or taken out later is noticed by `checkAudit`. Writers
 * therefore take turns from here to their commit: call it last in a transaction.
 */
export async function recordAudit(executor: Database, entry: AuditEntry): Promise<void> {
  await transaction(executor, async (trx) => {
    await lockChain(trx)
    const { previousHash, at } = await readChainEnd(trx)
    const row = { ...rowOf(entry), at, previous_hash: previousHash }
    await insertEntry(trx, { ...row, hash: hashOf(row) })
  })
}

/** Walks the whole chain. `brokenAtSeq` is the first entry whose hash or predecessor does not fit. */
export async function checkAudit(db: Database): Promise<{ checked: number; brokenAtSeq: string | null }> {
  let previousHash = firstHash
  let checked = 0
  for (let after = '0'; ; ) {
    const rows = await readEntries(db, after, pageSize)
    for (const row of rows) {
      if (row.previous_hash !== previousHash || row.hash !== hashOf(row)) return { checked, brokenAtSeq: row.seq }
      previousHash = row.hash
      after = row.seq
      checked++
    }
    if (rows.length < pageSize) return { checked, brokenAtSeq: null }
  }
}

const pageSize = 1_000

type HashedRow = Omit<AuditRow, 'seq' | 'hash'>

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

/** SHA-256 over one canonical text: a JSON array in a fixed order, objects with sorted keys (jsonb does not keep their order). */
function hashOf(row: HashedRow): string {
  const fields = [
    row.previous_hash,
    row.at.toISOString(),
    row.actor_id,
    row.actor_name,
    row.action,
    row.subject_kind,
    row.subject_id,
    row.subject_name,
    sorted(row.details),
    row.request_id,
  ]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
