import { type Insertable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'
import type { AliasRecord } from './lineage-queries.ts'

export type AliasView = Awaited<ReturnType<typeof readAliasView>> & object

const sorting = {
  columns: {
    name: folded('aliases.name'),
    aliasId: folded('aliases.alias_id'),
    type: folded('aliases.type'),
    parent: folded('parent.name'),
    applicationScope: folded('application_scopes.name'),
    updatedAt: plain('aliases.updated_at'),
    updatedBy: folded('aliases.updated_by'),
  },
  fallback: folded('aliases.alias_id'),
  tieBreaker: 'aliases.id',
}

export type AliasFilter = ListQuery & {
  applicationScopeId?: string | undefined
  type?: 'credential' | 'connection_and_credential' | undefined
  parentId?: string | undefined
}

export async function listAliasViews(db: Database, filter: AliasFilter) {
  let query = views(db)
  if (filter.q) {
    const pattern = containing(filter.q)
    query = query.where((where) =>
      where.or([where('aliases.alias_id', 'ilike', pattern), where('aliases.description', 'ilike', pattern)]),
    )
  }
  if (filter.applicationScopeId) query = query.where('aliases.application_scope_id', '=', filter.applicationScopeId)
  if (filter.type) query = query.where('aliases.type', '=', filter.type)
  if (filter.parentId) query = query.where('aliases.parent_id', '=', filter.parentId)
  return readPage(query, filter, sorting)
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** By record id, or by alias id as code names it. */
export async function readAliasView(db: Database, idOrAliasId: string) {
  const query = views(db)
  return uuid.test(idOrAliasId)
    ? query.where('aliases.id', '=', idOrAliasId).executeTakeFirst()
    : query.where('aliases.alias_id', '=', idOrAliasId).executeTakeFirst()
}

export async function readChildren(db: Database, parentId: string) {
  return db
    .selectFrom('aliases')
    .select(['id', 'name', 'alias_id'])
    .where('parent_id', '=', parentId)
    .orderBy('alias_id')
    .execute()
}

/** Aliases of a credential alone that lead to this one. */
export async function readAliasesOfCredential(db: Database, credentialId: string) {
  return db
    .selectFrom('aliases')
    .select(['id', 'name', 'alias_id'])
    .where('credential_id', '=', credentialId)
    .orderBy('alias_id')
    .execute()
}

export async function lockAliasRow(trx: Database, id: string): Promise<AliasRecord | undefined> {
  return trx.selectFrom('aliases').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function insertAlias(trx: Database, row: Insertable<Schema['aliases']>): Promise<void> {
  await trx.insertInto('aliases').values(row).execute()
}

export async function updateAliasRow(trx: Database, id: string, change: Updateable<Schema['aliases']>): Promise<void> {
  await trx
    .updateTable('aliases')
    .set({ ...change, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function deleteAliasRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('aliases').where('id', '=', id).execute()
}

export async function ensureAlias(trx: Database, row: Insertable<Schema['aliases']>): Promise<string> {
  await trx
    .insertInto('aliases')
    .values(row)
    .onConflict((conflict) => conflict.column('alias_id').doNothing())
    .execute()
  const { id } = await trx
    .selectFrom('aliases')
    .select('id')
    .where('alias_id', '=', row.alias_id)
    .executeTakeFirstOrThrow()
  return id
}

/** Every alias below this one, itself included: a new parent may be none of them, and a changed address reaches all of them. */
export async function readDescendantIds(db: Database, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive below as (
      select id from aliases where id = ${id}
      union
      select a.id from aliases a join below b on a.parent_id = b.id
    )
    select id from below`.execute(db)
  return rows.map((row) => row.id)
}

function views(db: Database) {
  return db
    .selectFrom('aliases')
    .innerJoin('application_scopes', 'application_scopes.id', 'aliases.application_scope_id')
    .leftJoin('aliases as parent', 'parent.id', 'aliases.parent_id')
    .leftJoin('credentials', 'credentials.id', 'aliases.credential_id')
    .selectAll('aliases')
    .select((select) => [
      'application_scopes.key as scope_key',
      'application_scopes.name as scope_name',
      'parent.name as parent_name',
      'credentials.name as credential_name',
      'credentials.type as credential_type',
      select
        .selectFrom('connections')
        .select(sql<string>`count(*)`.as('count'))
        .whereRef('connections.alias_id', '=', 'aliases.id')
        .as('connection_count'),
    ])
}
