import type { Database } from '#db/database.ts'
import { changeRecord, makeRecord, type RecordKind, removeRecord } from './change-record.ts'
import type { GrantType } from './contract.ts'
import { readCredentialsOfProfile } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import {
  clearDefaultProfile,
  deleteProfileRow,
  type EntityProfileRecord,
  insertProfile,
  listProfileViews,
  lockProfile,
  type ProfileView,
  readProfileView,
  readProfileViewsOfApp,
  readScopesOfProfiles,
  setProfileScopes,
  updateProfileRow,
} from './entity-profile-queries.ts'
import { refused } from './errors.ts'
import { signsInSomebody } from './grant.ts'
import type {
  createEntityProfile,
  EntityProfile,
  EntityScope,
  listEntityProfiles,
  updateEntityProfile,
} from './oauth-app.contract.ts'
import { type EntityScopeRecord, readEntityScopes, readOAuthAppRow } from './oauth-app-queries.ts'
import { type BodyOf, type Editor, listed, type QueryOf, sent, stampOf } from './record.ts'

export async function listProfiles(deps: ConnectionsDeps, query: QueryOf<typeof listEntityProfiles>) {
  const { rows, total } = await listProfileViews(deps.db, query)
  return { rows: await withScopes(deps.db, rows), total, page: query.page, pageSize: query.pageSize }
}

/** @throws `connections.profile_not_found` */
export async function readProfile(db: Database, id: string): Promise<EntityProfile> {
  const view = await readProfileView(db, id)
  const [profile] = view === undefined ? [] : await withScopes(db, [view])
  if (profile === undefined) throw refused('connections.profile_not_found')
  return profile
}

export async function readProfilesOfApp(db: Database, appId: string): Promise<EntityProfile[]> {
  return withScopes(db, await readProfileViewsOfApp(db, appId))
}

/** The profile that saving an OAuth app generates when it has no default: its grant type, with every scope of the app. */
export async function ensureDefaultProfile(
  trx: Database,
  newId: () => string,
  app: { id: string; name: string; default_grant_type: GrantType },
  updatedBy: string,
): Promise<void> {
  const profiles = await readProfileViewsOfApp(trx, app.id)
  if (profiles.some(({ is_default }) => is_default)) return
  const id = newId()
  const name = `${app.name} default_profile`
  await insertProfile(trx, {
    id,
    oauth_app_id: app.id,
    name: profiles.some((profile) => profile.name === name) ? `${name} (generated)` : name,
    grant_type: app.default_grant_type,
    is_default: true,
    updated_by: updatedBy,
  })
  const scopes = await readEntityScopes(trx, app.id)
  await setProfileScopes(
    trx,
    id,
    scopes.map((scope) => scope.id),
  )
}

/** @throws `connections.oauth_app_not_found`, `connections.profile_exists` */
export async function createProfile(
  deps: ConnectionsDeps,
  body: BodyOf<typeof createEntityProfile>,
  editor: Editor,
): Promise<EntityProfile> {
  return makeRecord(deps, profileKind, editor, async ({ db: trx }, id) => {
    if ((await readOAuthAppRow(trx, body.oauthAppId)) === undefined) throw refused('connections.oauth_app_not_found')
    if (body.isDefault) await clearDefaultProfile(trx, body.oauthAppId)
    await insertProfile(trx, {
      id,
      oauth_app_id: body.oauthAppId,
      name: body.name,
      grant_type: body.grantType,
      is_default: body.isDefault ?? false,
      updated_by: editor.actor.displayName,
    })
    await setProfileScopes(trx, id, body.scopeIds ?? [])
    return body.name
  })
}

/** @throws `connections.profile_not_found`, `connections.profile_exists`, `connections.grant_not_personal`, `connections.changed_by_someone_else` */
export async function updateProfile(
  deps: ConnectionsDeps,
  id: string,
  { version, ...body }: BodyOf<typeof updateEntityProfile>,
  editor: Editor,
): Promise<EntityProfile> {
  const change = { id, version, fields: Object.keys(body) }
  return changeRecord(deps, profileKind, { change, editor }, async ({ db: trx }, row) => {
    if (body.grantType !== undefined) await requireNobodySignsIn(trx, id, body.grantType)
    if (body.isDefault) await clearDefaultProfile(trx, row.oauth_app_id)
    const columns = sent({ name: body.name, grant_type: body.grantType, is_default: body.isDefault })
    await updateProfileRow(trx, id, { ...columns, updated_by: editor.actor.displayName })
    if (body.scopeIds !== undefined) await setProfileScopes(trx, id, body.scopeIds)
  })
}

/** @throws `connections.profile_not_found`, `connections.profile_in_use` naming the credentials */
export async function deleteProfile(deps: ConnectionsDeps, id: string, editor: Editor): Promise<void> {
  await removeRecord(deps, profileKind, { id, editor }, async ({ db: trx }) => {
    const users = await readCredentialsOfProfile(trx, [id])
    if (users.length > 0) {
      const say = `${listed(users.map(({ name }) => name))} use this profile. Give them another one first.`
      const credentials = users.map((user) => ({ id: user.id, name: user.name }))
      throw refused('connections.profile_in_use', { say, facts: { credentials } })
    }
    await deleteProfileRow(trx, id)
  })
}

export function entityScopeOf({ id, name, scope, version }: EntityScopeRecord): EntityScope {
  return { id, name, scope, version }
}

const profileKind: RecordKind<EntityProfileRecord, EntityProfile> = {
  noun: 'profile',
  subject: 'entity_profile',
  notFound: 'connections.profile_not_found',
  constraints: {
    oauth_entity_profiles_oauth_app_id_name_key: 'connections.profile_exists',
    oauth_entity_profiles_one_default: 'connections.profile_exists',
  },
  lock: lockProfile,
  read: ({ db }, id) => readProfile(db, id),
  nameOf: (row) => row.name,
}

/** A grant without a sign-in would leave the people of a Personal credential without a way to a token of their own. */
async function requireNobodySignsIn(trx: Database, id: string, grantType: GrantType): Promise<void> {
  if (signsInSomebody(grantType)) return
  const users = await readCredentialsOfProfile(trx, [id])
  const personal = users.filter((user) => user.integration_type === 'personal')
  if (personal.length === 0) return
  const say = `${listed(personal.map(({ name }) => name))}: each person signs in there, which only Authorization Code does. Give them another profile first.`
  throw refused('connections.grant_not_personal', { say, fields: { grantType: say } })
}

async function withScopes(db: Database, views: ProfileView[]): Promise<EntityProfile[]> {
  const scopes = await readScopesOfProfiles(
    db,
    views.map(({ id }) => id),
  )
  return views.map((view) => ({
    id: view.id,
    name: view.name,
    oauthApp: { id: view.oauth_app_id, name: view.app_name },
    grantType: view.grant_type,
    isDefault: view.is_default,
    scopes: scopes.filter(({ profile_id }) => profile_id === view.id).map(entityScopeOf),
    ...stampOf(view),
  }))
}
