import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'

export type EntityProfileRecord = Selectable<Schema['oauth_entity_profiles']>
export type ProfileView = EntityProfileRecord & { app_name: string }

const sorting = {
  columns: {
    name: folded('profile.name'),
    oauthApp: folded('app.name'),
    grantType: folded('profile.grant_type'),
    updatedAt: plain('profile.updated_at'),
  },
  fallback: folded('profile.name'),
  tieBreaker: 'profile.id',
}

export async function listProfileViews(db: Database, filter: ListQuery & { oauthAppId?: string | undefined }) {
  let query = views(db)
  if (filter.q) {
    const pattern = containing(filter.q)
    query = query.where((where) =>
      where.or([where('profile.name', 'ilike', pattern), where('app.name', 'ilike', pattern)]),
    )
  }
  if (filter.oauthAppId) query = query.where('profile.oauth_app_id', '=', filter.oauthAppId)
  return readPage(query, filter, sorting)
}

export async function readProfileView(db: Database, id: string): Promise<ProfileView | undefined> {
  return views(db).where('profile.id', '=', id).executeTakeFirst()
}

export async function readProfileViewsOfApp(db: Database, appId: string): Promise<ProfileView[]> {
  return views(db).where('profile.oauth_app_id', '=', appId).orderBy('profile.name').execute()
}

export async function readProfileWithScopes(db: Database, id: string) {
  const profile = await db
    .selectFrom('oauth_entity_profiles')
    .select(['id', 'name', 'grant_type as grantType', 'oauth_app_id as oauthAppId'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (profile === undefined) return undefined
  const scopes = await readScopesOfProfiles(db, [id])
  return { ...profile, scopes: scopes.map(({ scope }) => scope) }
}

export async function readScopesOfProfiles(db: Database, profileIds: readonly string[]) {
  if (profileIds.length === 0) return []
  return db
    .selectFrom('oauth_profile_scopes')
    .innerJoin('oauth_entity_scopes', 'oauth_entity_scopes.id', 'oauth_profile_scopes.scope_id')
    .selectAll('oauth_entity_scopes')
    .select('oauth_profile_scopes.profile_id')
    .where('oauth_profile_scopes.profile_id', 'in', profileIds)
    .orderBy('oauth_entity_scopes.created_at')
    .orderBy('oauth_entity_scopes.scope')
    .execute()
}

export async function lockProfile(trx: Database, id: string): Promise<EntityProfileRecord | undefined> {
  return trx.selectFrom('oauth_entity_profiles').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function insertProfile(trx: Database, row: Insertable<Schema['oauth_entity_profiles']>): Promise<void> {
  await trx.insertInto('oauth_entity_profiles').values(row).execute()
}

export async function updateProfileRow(
  trx: Database,
  id: string,
  change: Updateable<Schema['oauth_entity_profiles']>,
): Promise<void> {
  await trx
    .updateTable('oauth_entity_profiles')
    .set({ ...change, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function clearDefaultProfile(trx: Database, appId: string): Promise<void> {
  await trx
    .updateTable('oauth_entity_profiles')
    .set({ is_default: false })
    .where('oauth_app_id', '=', appId)
    .where('is_default', '=', true)
    .execute()
}

export async function deleteProfileRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('oauth_entity_profiles').where('id', '=', id).execute()
}

/** Replaces a profile's scopes by those given that belong to the same app; others are ignored by the join. */
export async function setProfileScopes(trx: Database, profileId: string, scopeIds: readonly string[]): Promise<void> {
  await trx.deleteFrom('oauth_profile_scopes').where('profile_id', '=', profileId).execute()
  if (scopeIds.length === 0) return
  await trx
    .insertInto('oauth_profile_scopes')
    .columns(['profile_id', 'scope_id'])
    .expression(
      trx
        .selectFrom('oauth_entity_scopes as scope')
        .innerJoin('oauth_entity_profiles as profile', 'profile.oauth_app_id', 'scope.oauth_app_id')
        .where('profile.id', '=', profileId)
        .where('scope.id', 'in', scopeIds)
        .select(['profile.id as profile_id', 'scope.id as scope_id']),
    )
    .execute()
}

function views(db: Database) {
  return db
    .selectFrom('oauth_entity_profiles as profile')
    .innerJoin('oauth_apps as app', 'app.id', 'profile.oauth_app_id')
    .selectAll('profile')
    .select('app.name as app_name')
}
