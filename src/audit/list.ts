import type { z } from 'zod'
import type { Database } from '#db/database.ts'
import { type AuditEntryRow, countedMax, type listAudit } from './contract.ts'
import { type AuditRow, countEntries, type EntryOrder, readEntriesPage } from './queries.ts'

type Query = z.output<NonNullable<(typeof listAudit)['query']>>

/** One page of the trail, newest first unless sorted otherwise. */
export async function listEntries(db: Database, query: Query): Promise<z.input<(typeof listAudit)['answer']>> {
  const { page, pageSize, sort, ...filter } = query
  const rows = await readEntriesPage(db, filter, {
    order: orderOf(sort),
    limit: pageSize,
    offset: (page - 1) * pageSize,
  })
  const counted = await countEntries(db, filter, countedMax + 1)
  return {
    rows: rows.map(entryRow),
    total: Math.min(counted, countedMax),
    totalIsAtLeast: counted > countedMax,
    page,
    pageSize,
  }
}

export function entryRow(row: AuditRow): AuditEntryRow {
  return {
    seq: row.seq,
    at: row.at.toISOString(),
    actor: { id: row.actor_id, name: row.actor_name },
    action: row.action,
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    details: row.details,
    requestId: row.request_id,
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

const columns: Record<string, EntryOrder['column']> = {
  at: 'seq',
  actor: 'actor_name',
  action: 'action',
  subject: 'subject_name',
}

/** Entries are numbered in the order of their time, and the number has the index. */
function orderOf(sort = '-at'): EntryOrder {
  return { column: columns[sort.replace(/^-/, '')] ?? 'seq', descending: sort.startsWith('-') }
}
