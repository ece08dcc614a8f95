import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'

export type ConnectionRecord = Selectable<Schema['connections']>

/** A connection with the names of what it points at. */
export type ConnectionView = Awaited<ReturnType<typeof readConnectionView>> & object

const sorting = {
  columns: {
    name: folded('connections.name'),
    alias: folded('aliases.alias_id'),
    active: plain('connections.active'),
    order: plain('connections.sort_order'),
    connectionUrl: folded('connections.connection_url'),
    credential: folded('credentials.name'),
    updatedAt: plain('connections.updated_at'),
    updatedBy: folded('connections.updated_by'),
  },
  fallback: folded('connections.name'),
  tieBreaker: 'connections.id',
}

export type ConnectionFilter = ListQuery & {
  applicationScopeId?: string | undefined
  aliasId?: string | undefined
  credentialId?: string | undefined
  active?: boolean | undefined
}

export async function listConnectionViews(db: Database, filter: ConnectionFilter) {
  let query = views(db)
  if (filter.q) {
    const pattern = containing(filter.q)
    query = query.where((where) =>
      where.or([
        where('connections.name', 'ilike', pattern),
        where('aliases.alias_id', 'ilike', pattern),
        where('connections.connection_url', 'ilike', pattern),
        where('credentials.name', 'ilike', pattern),
      ]),
    )
  }
  if (filter.applicationScopeId) query = query.where('connections.application_scope_id', '=', filter.applicationScopeId)
  if (filter.aliasId) query = query.where('connections.alias_id', '=', filter.aliasId)
  if (filter.credentialId) query = query.where('connections.credential_id', '=', filter.credentialId)
  if (filter.active !== undefined) query = query.where('connections.active', '=', filter.active)
  return readPage(query, filter, sorting)
}

export async function readConnectionView(db: Database, id: string) {
  return views(db).where('connections.id', '=', id).executeTakeFirst()
}

export async function readConnectionViewsOfAlias(db: Database, aliasId: string) {
  return views(db).where('connections.alias_id', '=', aliasId).orderBy('connections.name').execute()
}

/** The active connection of each alias that comes first, by order and name; the others of an alias that may have several follow it. */
export async function readActiveConnections(db: Database, aliasIds: readonly string[]): Promise<ConnectionRecord[]> {
  if (aliasIds.length === 0) return []
  return db
    .selectFrom('connections')
    .selectAll()
    .where('alias_id', 'in', aliasIds)
    .where('active', '=', true)
    .orderBy('sort_order')
    .orderBy('name')
    .execute()
}

/** All connections of an alias, those that come first first. */
export async function readConnectionsOfAlias(db: Database, aliasId: string): Promise<ConnectionRecord[]> {
  return db
    .selectFrom('connections')
    .selectAll()
    .where('alias_id', '=', aliasId)
    .orderBy('sort_order')
    .orderBy('name')
    .execute()
}

/** What uses a credential, active connections first. */
export async function readConnectionsOfCredential(db: Database, credentialId: string): Promise<ConnectionRecord[]> {
  return db
    .selectFrom('connections')
    .selectAll()
    .where('credential_id', '=', credentialId)
    .orderBy('active', 'desc')
    .orderBy('name')
    .execute()
}

/** Where a credential is used, for its form and for a refusal that names the users of it. */
export async function readUsesOfCredential(db: Database, credentialId: string) {
  return db
    .selectFrom('connections')
    .innerJoin('aliases', 'aliases.id', 'connections.alias_id')
    .select([
      'connections.id',
      'connections.name',
      'connections.active',
      'aliases.id as alias_uuid',
      'aliases.alias_id',
      'aliases.name as alias_name',
    ])
    .where('connections.credential_id', '=', credentialId)
    .orderBy('connections.name')
    .execute()
}

export async function lockConnection(trx: Database, id: string): Promise<ConnectionRecord | undefined> {
  return trx.selectFrom('connections').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Serializes the rule "one active connection" for an alias, which no index can say because the rule is inherited. */
export async function lockAlias(trx: Database, aliasId: string): Promise<void> {
  await trx.selectFrom('aliases').select('id').where('id', '=', aliasId).forUpdate().execute()
}

export async function insertConnection(trx: Database, row: Insertable<Schema['connections']>): Promise<void> {
  await trx.insertInto('connections').values(row).execute()
}

export async function updateConnectionRow(
  trx: Database,
  id: string,
  change: Updateable<Schema['connections']>,
): Promise<void> {
  await trx
    .updateTable('connections')
    .set({ ...change, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function deleteConnectionRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('connections').where('id', '=', id).execute()
}

export async function isConnectionNameFree(db: Database, name: string): Promise<boolean> {
  const known = await db
    .selectFrom('connections')
    .select('id')
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .executeTakeFirst()
  return known === undefined
}

export async function ensureConnection(trx: Database, row: Insertable<Schema['connections']>): Promise<void> {
  const known = await trx
    .selectFrom('connections')
    .select('id')
    .where(sql`lower(name)`, '=', row.name.toLowerCase())
    .executeTakeFirst()
  if (known === undefined) await insertConnection(trx, row)
}

function views(db: Database) {
  return db
    .selectFrom('connections')
    .innerJoin('aliases', 'aliases.id', 'connections.alias_id')
    .innerJoin('application_scopes', 'application_scopes.id', 'connections.application_scope_id')
    .leftJoin('credentials', 'credentials.id', 'connections.credential_id')
    .selectAll('connections')
    .select([
      'aliases.alias_id as alias_text',
      'aliases.name as alias_name',
      'aliases.type as alias_type',
      'application_scopes.key as scope_key',
      'application_scopes.name as scope_name',
      'credentials.name as credential_name',
      'credentials.active as credential_active',
      'credentials.integration_type as credential_integration_type',
    ])
}
