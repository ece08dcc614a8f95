import { type Insertable, type Selectable, sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type AuditRow = Selectable<Schema['audit_entries']>

/** What the first entry of all names as the hash before it. */
export const firstHash = '0'.repeat(64)

/** One writer at a time, until the transaction ends. The number is arbitrary and belongs to this chain alone. */
export async function lockChain(trx: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(7267001)`.execute(trx)
}

/** A statement of its own after the lock, so that it sees what the last writer committed. Milliseconds, because that is what a Date holds. */
export async function readChainEnd(trx: Database): Promise<{ previousHash: string; at: Date }> {
  const { rows } = await sql<{ hash: string | null; at: Date }>`
    select date_trunc('milliseconds', clock_timestamp()) as at,
           (select hash from audit_entries order by seq desc limit 1) as hash`.execute(trx)
  const [end] = rows
  if (!end) throw new Error('a select without a table returned no row')
  return { previousHash: end.hash ?? firstHash, at: end.at }
}

export async function insertEntry(trx: Database, entry: Insertable<Schema['audit_entries']>): Promise<void> {
  await trx.insertInto('audit_entries').values(entry).execute()
}

export async function readEntries(db: Database, afterSeq: string, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit_entries').selectAll().where('seq', '>', afterSeq).orderBy('seq').limit(limit).execute()
}
