import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'

export type OAuthAppRecord = Selectable<Schema['oauth_apps']>
export type EntityScopeRecord = Selectable<Schema['oauth_entity_scopes']>
export type OAuthAppView = Awaited<ReturnType<typeof readOAuthAppView>> & object

const sorting = {
  columns: {
    name: folded('oauth_apps.name'),
    clientId: folded('oauth_apps.client_id'),
    defaultGrantType: folded('oauth_apps.default_grant_type'),
    active: plain('oauth_apps.active'),
    updatedAt: plain('oauth_apps.updated_at'),
    updatedBy: folded('oauth_apps.updated_by'),
  },
  fallback: folded('oauth_apps.name'),
  tieBreaker: 'oauth_apps.id',
}

export type OAuthAppFilter = ListQuery & { applicationScopeId?: string | undefined; active?: boolean | undefined }

export async function listOAuthAppViews(db: Database, filter: OAuthAppFilter) {
  let query = views(db)
  if (filter.q) {
    const pattern = containing(filter.q)
    query = query.where((where) =>
      where.or([where('oauth_apps.name', 'ilike', pattern), where('oauth_apps.client_id', 'ilike', pattern)]),
    )
  }
  if (filter.applicationScopeId) query = query.where('oauth_apps.application_scope_id', '=', filter.applicationScopeId)
  if (filter.active !== undefined) query = query.where('oauth_apps.active', '=', filter.active)
  return readPage(query, filter, sorting)
}

export async function readOAuthAppView(db: Database, id: string) {
  return views(db).where('oauth_apps.id', '=', id).executeTakeFirst()
}

export async function readOAuthAppRow(db: Database, id: string): Promise<OAuthAppRecord | undefined> {
  return db.selectFrom('oauth_apps').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function readOAuthApps(db: Database): Promise<OAuthAppRecord[]> {
  return db.selectFrom('oauth_apps').selectAll().orderBy('id').execute()
}

export async function readOAuthAppOfProfile(db: Database, profileId: string): Promise<OAuthAppRecord | undefined> {
  return db
    .selectFrom('oauth_apps')
    .innerJoin('oauth_entity_profiles', 'oauth_entity_profiles.oauth_app_id', 'oauth_apps.id')
    .selectAll('oauth_apps')
    .where('oauth_entity_profiles.id', '=', profileId)
    .executeTakeFirst()
}

export async function lockOAuthApp(trx: Database, id: string): Promise<OAuthAppRecord | undefined> {
  return trx.selectFrom('oauth_apps').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function insertOAuthApp(trx: Database, row: Insertable<Schema['oauth_apps']>): Promise<void> {
  await trx.insertInto('oauth_apps').values(row).execute()
}

export async function updateOAuthAppRow(
  trx: Database,
  id: string,
  change: Updateable<Schema['oauth_apps']>,
): Promise<void> {
  await trx
    .updateTable('oauth_apps')
    .set({ ...change, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function deleteOAuthAppRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('oauth_apps').where('id', '=', id).execute()
}

export async function ensureOAuthApp(trx: Database, row: Insertable<Schema['oauth_apps']>): Promise<string> {
  const known = await trx
    .selectFrom('oauth_apps')
    .select('id')
    .where('redirect_context', '=', row.redirect_context)
    .executeTakeFirst()
  if (known !== undefined) return known.id
  await insertOAuthApp(trx, row)
  return row.id
}

export async function readEntityScopes(db: Database, appId: string): Promise<EntityScopeRecord[]> {
  return db
    .selectFrom('oauth_entity_scopes')
    .selectAll()
    .where('oauth_app_id', '=', appId)
    .orderBy('created_at')
    .orderBy('scope')
    .execute()
}

export async function insertEntityScopes(
  trx: Database,
  rows: Insertable<Schema['oauth_entity_scopes']>[],
): Promise<void> {
  if (rows.length > 0) await trx.insertInto('oauth_entity_scopes').values(rows).execute()
}

export async function deleteEntityScope(trx: Database, appId: string, scopeId: string): Promise<void> {
  await trx.deleteFrom('oauth_entity_scopes').where('oauth_app_id', '=', appId).where('id', '=', scopeId).execute()
}

function views(db: Database) {
  return db
    .selectFrom('oauth_apps')
    .innerJoin('application_scopes', 'application_scopes.id', 'oauth_apps.application_scope_id')
    .selectAll('oauth_apps')
    .select((select) => [
      'application_scopes.key as scope_key',
      'application_scopes.name as scope_name',
      select
        .selectFrom('oauth_entity_profiles')
        .select(sql<string>`count(*)`.as('count'))
        .whereRef('oauth_entity_profiles.oauth_app_id', '=', 'oauth_apps.id')
        .as('profile_count'),
      select
        .selectFrom('client_secrets')
        .select(sql<string>`count(*)`.as('count'))
        .whereRef('client_secrets.oauth_app_id', '=', 'oauth_apps.id')
        .as('secret_count'),
    ])
}
