import { changeRecord } from './change-record.ts'
import type { ConnectionsDeps } from './deps.ts'
import { readProfilesOfApp } from './entity-profile.ts'
import { setProfileScopes } from './entity-profile-queries.ts'
import type { addEntityScope, OAuthApp } from './oauth-app.contract.ts'
import { oauthAppKind } from './oauth-app.ts'
import { deleteEntityScope, insertEntityScopes, readEntityScopes } from './oauth-app-queries.ts'
import type { BodyOf, Editor } from './record.ts'

/** Adds a scope to the app and to its default profile. @throws `connections.oauth_app_not_found`, `connections.entity_scope_exists` */
export async function addScope(
  deps: ConnectionsDeps,
  appId: string,
  body: BodyOf<typeof addEntityScope>,
  editor: Editor,
): Promise<OAuthApp> {
  const change = { id: appId, action: 'add_entity_scope', details: { scope: body.scope } }
  return changeRecord(deps, oauthAppKind, { change, editor }, async ({ db, seams }) => {
    const id = seams.newId()
    await insertEntityScopes(db, [{ id, oauth_app_id: appId, ...body, updated_by: editor.actor.displayName }])
    const profile = (await readProfilesOfApp(db, appId)).find(({ isDefault }) => isDefault)
    if (profile) await setProfileScopes(db, profile.id, [...profile.scopes.map((scope) => scope.id), id])
  })
}

/** @throws `connections.oauth_app_not_found` */
export async function removeScope(
  deps: ConnectionsDeps,
  appId: string,
  scopeId: string,
  editor: Editor,
): Promise<OAuthApp> {
  const known = (await readEntityScopes(deps.db, appId)).find(({ id }) => id === scopeId)
  const change = { id: appId, action: 'remove_entity_scope', details: { scope: known?.scope ?? null } }
  return changeRecord(deps, oauthAppKind, { change, editor }, async ({ db }) => {
    await deleteEntityScope(db, appId, scopeId)
  })
}
