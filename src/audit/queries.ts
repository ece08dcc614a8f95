import { type Insertable, type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type AuditRow = Selectable<Schema['audit_entries']>

/** What the first entry of all names as the hash before it. */
export const firstHash = '0'.repeat(64)

/**
 * Takes the chain's lock until the transaction ends, and reads the hash it ends with and the time of the next entry. In
 * milliseconds, because that is what a Date holds.
 */
export async function takeChainEnd(trx: Database): Promise<{ previousHash: string; at: Date }> {
  const { rows } = await sql<{ previous_hash: string | null; at: Date }>`select * from audit_chain_end()`.execute(trx)
  const [end] = rows
  if (!end) throw new Error('audit_chain_end() returned no row')
  return { previousHash: end.previous_hash ?? firstHash, at: end.at }
}

/** Their numbers are given in the order of the list: PostgreSQL works out the rows of one VALUES list one after the other. */
export async function insertEntries(
  trx: Database,
  entries: readonly Insertable<Schema['audit_entries']>[],
): Promise<void> {
  await trx.insertInto('audit_entries').values(entries).execute()
}

/** In the order they were written. */
export async function readEntries(db: Database, afterSeq: string, limit: number): Promise<AuditRow[]> {
  return db.selectFrom('audit_entries').selectAll().where('seq', '>', afterSeq).orderBy('seq').limit(limit).execute()
}

export type EntryFilter = {
  /** Text in the actor's, the subject's or the action's name, or a whole request id. */
  q?: string | undefined
  from?: string | undefined
  to?: string | undefined
  actorId?: string | undefined
  /** The first half of an action, such as `people`. */
  feature?: string | undefined
  action?: string | undefined
  subjectKind?: string | undefined
  subjectId?: string | undefined
}

export type EntryOrder = { column: 'seq' | 'actor_name' | 'action' | 'subject_name'; descending: boolean }

export async function readEntriesPage(
  db: Database,
  filter: EntryFilter,
  { order, limit, offset }: { order: EntryOrder; limit: number; offset: number },
): Promise<AuditRow[]> {
  const direction = order.descending ? 'desc' : 'asc'
  return matching(db, filter)
    .selectAll()
    .orderBy(order.column, direction)
    .$if(order.column !== 'seq', (query) => query.orderBy('seq', 'desc'))
    .limit(limit)
    .offset(offset)
    .execute()
}

/** How many entries match, counted up to `most`: a trail has no end, and nobody reads its ten-thousandth page. */
export async function countEntries(db: Database, filter: EntryFilter, most: number): Promise<number> {
  const { total } = await db
    .selectFrom(matching(db, filter).select('seq').limit(most).as('counted'))
    .select(sql<number>`count(*)::integer`.as('total'))
    .executeTakeFirstOrThrow()
  return total
}

export async function readMatchingAfter(
  db: Database,
  filter: EntryFilter,
  { afterSeq, untilSeq, limit }: { afterSeq: string; untilSeq: string; limit: number },
): Promise<AuditRow[]> {
  return matching(db, filter)
    .selectAll()
    .where('seq', '>', afterSeq)
    .where('seq', '<=', untilSeq)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

export async function readEntry(db: Database, seq: string): Promise<AuditRow | undefined> {
  return db.selectFrom('audit_entries').selectAll().where('seq', '=', seq).executeTakeFirst()
}

export async function readLastSeq(db: Database): Promise<string> {
  const row = await db.selectFrom('audit_entries').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row?.seq ?? '0'
}

type Entries = SelectQueryBuilder<Schema, 'audit_entries', object>

function matching(db: Database, filter: EntryFilter): Entries {
  const { q, from, to, actorId, feature, action, subjectKind, subjectId } = filter
  let query: Entries = db.selectFrom('audit_entries')
  if (from !== undefined) query = query.where('at', '>=', new Date(from))
  if (to !== undefined) query = query.where('at', '<', new Date(to))
  if (actorId !== undefined) query = query.where('actor_id', '=', actorId)
  if (feature !== undefined) query = query.where('action', 'like', `${feature}.%`)
  if (action !== undefined) query = query.where('action', '=', action)
  if (subjectKind !== undefined) query = query.where('subject_kind', '=', subjectKind)
  if (subjectId !== undefined) query = query.where('subject_id', '=', subjectId)
  if (q !== undefined && q !== '') query = query.where(holding(q))
  return query
}

/** What a person typed is text, never a pattern. */
function holding(text: string) {
  const part = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql<boolean>`(actor_name ilike ${part} or subject_name ilike ${part} or action ilike ${part} or request_id = ${text})`
}
