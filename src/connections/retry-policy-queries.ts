import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'

export type RetryPolicyDbRow = Selectable<Schema['retry_policies']>

const sorting = {
  columns: {
    name: folded('retry_policies.name'),
    strategy: plain('retry_policies.strategy'),
    attemptsMax: plain('retry_policies.attempts_max'),
    totalMs: plain('retry_policies.total_ms'),
    updatedAt: plain('retry_policies.updated_at'),
  },
  fallback: folded('retry_policies.name'),
  tieBreaker: 'retry_policies.id',
}

export async function listRetryPolicyRows(db: Database, filter: ListQuery) {
  const query = counted(db)
  return readPage(filter.q ? query.where('name', 'ilike', containing(filter.q)) : query, filter, sorting)
}

export async function readRetryPolicyRow(db: Database, id: string) {
  return counted(db).where('retry_policies.id', '=', id).executeTakeFirst()
}

/** The policy of this id, or the default one. */
export async function readPolicyOrDefault(db: Database, id: string | null): Promise<RetryPolicyDbRow | undefined> {
  const query = db.selectFrom('retry_policies').selectAll()
  return (id === null ? query.where('is_default', '=', true) : query.where('id', '=', id)).executeTakeFirst()
}

export async function lockRetryPolicy(trx: Database, id: string): Promise<RetryPolicyDbRow | undefined> {
  return trx.selectFrom('retry_policies').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function readAliasesOfPolicy(db: Database, policyId: string) {
  return db
    .selectFrom('aliases')
    .select(['id', 'name', 'alias_id'])
    .where('retry_policy_id', '=', policyId)
    .orderBy('alias_id')
    .execute()
}

/** At most one policy is the default; who becomes it takes its place. */
export async function clearDefaultPolicy(trx: Database): Promise<void> {
  await trx.updateTable('retry_policies').set({ is_default: false }).where('is_default', '=', true).execute()
}

export async function insertRetryPolicy(trx: Database, row: Insertable<Schema['retry_policies']>): Promise<void> {
  await trx.insertInto('retry_policies').values(row).execute()
}

export async function ensureRetryPolicy(trx: Database, row: Insertable<Schema['retry_policies']>): Promise<void> {
  await trx
    .insertInto('retry_policies')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function updateRetryPolicyRow(
  trx: Database,
  id: string,
  change: Updateable<Schema['retry_policies']>,
): Promise<void> {
  await trx
    .updateTable('retry_policies')
    .set({ ...change, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function deleteRetryPolicyRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('retry_policies').where('id', '=', id).execute()
}

function counted(db: Database) {
  return db
    .selectFrom('retry_policies')
    .selectAll('retry_policies')
    .select((select) =>
      select
        .selectFrom('aliases')
        .select(sql<string>`count(*)`.as('count'))
        .whereRef('aliases.retry_policy_id', '=', 'retry_policies.id')
        .as('alias_count'),
    )
}
