import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { Secret } from '#kit/secret.ts'
import { globalScopeId } from './application-scope-queries.ts'
import { readCredentialsOfProfile } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { ensureDefaultProfile, entityScopeOf, readProfilesOfApp } from './entity-profile.ts'
import { readProfileViewsOfApp, setProfileScopes } from './entity-profile-queries.ts'
import { refused } from './errors.ts'
import { redirectUri } from './grant-setup.ts'
import type {
  addEntityScope,
  createOAuthApp,
  listOAuthApps,
  OAuthApp,
  OAuthAppRow,
  updateOAuthApp,
} from './oauth-app.contract.ts'
import {
  deleteEntityScope,
  deleteOAuthAppRow,
  insertEntityScopes,
  insertOAuthApp,
  listOAuthAppViews,
  lockOAuthApp,
  type OAuthAppRecord,
  type OAuthAppView,
  readEntityScopes,
  readOAuthAppView,
  updateOAuthAppRow,
} from './oauth-app-queries.ts'
import {
  auditChange,
  type BodyOf,
  type Editor,
  listed,
  type QueryOf,
  refusing,
  requireVersion,
  scopeOf,
  sent,
  stampOf,
} from './record.ts'
import { clientSecretBinding, requireOpenVault } from './sealing.ts'
import { readCredentialIdsOfApp, requireSignInAgain } from './token-queries.ts'

type Fields = Partial<Omit<BodyOf<typeof updateOAuthApp>, 'version'>>

export async function listApps(deps: ConnectionsDeps, query: QueryOf<typeof listOAuthApps>) {
  const { rows, total } = await listOAuthAppViews(deps.db, query)
  return { rows: rows.map(rowOf), total, page: query.page, pageSize: query.pageSize }
}

/** @throws `connections.oauth_app_not_found` */
export async function readApp(
  { db, publicUrl }: Pick<ConnectionsDeps, 'db' | 'publicUrl'>,
  id: string,
): Promise<OAuthApp> {
  const view = await readOAuthAppView(db, id)
  if (view === undefined) throw refused('connections.oauth_app_not_found')
  return {
    ...rowOf(view),
    clientSecretExpiresOn: view.client_secret_expires_on,
    clientAuthentication:
      view.client_authentication === 'client_secret_basic' ? 'client_secret_basic' : 'client_secret_post',
    authorizationUrl: view.authorization_url,
    tokenUrl: view.token_url,
    tokenRevocationUrl: view.token_revocation_url,
    redirectUrl: redirectUri(publicUrl, view),
    refreshTokenLifespanSeconds: view.refresh_token_lifespan_seconds,
    accessTokenLifespanSeconds: view.access_token_lifespan_seconds,
    logoUrl: view.logo_url,
    comments: view.comments,
    accessibleFrom: view.accessible_from,
    useMutualAuthentication: view.use_mutual_authentication,
    profiles: await readProfilesOfApp(db, id),
    scopes: (await readEntityScopes(db, id)).map(entityScopeOf),
  }
}

/** Registers an app. Its redirect URI is its own for ever (draft-ietf-oauth-security-topics-update: no two apps may share one). */
export async function createApp(
  deps: ConnectionsDeps,
  body: BodyOf<typeof createOAuthApp>,
  editor: Editor,
): Promise<OAuthApp> {
  const { applicationScopeId, scopes, ...fields } = body
  const id = deps.seams.newId()
  return refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const address = { id, token_url: fields.tokenUrl ?? '', client_id: fields.clientId ?? '' }
      const row = {
        ...columnsOf(fields),
        ...sealSecret(deps, { ...address, client_secret_version: 0 }, fields.clientSecret),
        id,
        name: body.name,
        application_scope_id: applicationScopeId ?? (await globalScopeId(trx)),
        redirect_context: `${slugOf(body.name)}-${Buffer.from(deps.seams.randomBytes(4)).toString('hex')}`,
        updated_by: editor.actor.displayName,
      }
      await insertOAuthApp(trx, row)
      await insertEntityScopes(
        trx,
        (scopes ?? []).map((scope) => ({ id: deps.seams.newId(), oauth_app_id: id, ...scope })),
      )
      await afterSave(deps, trx, id, editor)
      await auditChange(trx, editor, { action: 'connections.create_oauth_app', subject: subjectOf(row) })
      return readApp({ ...deps, db: trx }, id)
    }),
  )
}

/**
 * Saves an app. A new token URL or client ID is a new destination: the client secret must be entered again, and the tokens that were
 * obtained through the app need a new sign-in.
 * @throws `connections.oauth_app_not_found`, `connections.oauth_app_exists`, `connections.client_secret_needed_again`,
 * `connections.changed_by_someone_else`, `connections.vault_sealed`
 */
export async function updateApp(
  deps: ConnectionsDeps,
  id: string,
  { version, ...fields }: BodyOf<typeof updateOAuthApp>,
  editor: Editor,
): Promise<OAuthApp> {
  return refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const row = await lockOAuthApp(trx, id)
      if (row === undefined) throw refused('connections.oauth_app_not_found')
      requireVersion(row, version, await readApp({ ...deps, db: trx }, id))
      const after = { ...row, token_url: fields.tokenUrl ?? row.token_url, client_id: fields.clientId ?? row.client_id }
      const moved = after.token_url !== row.token_url || after.client_id !== row.client_id
      if (moved && row.client_secret !== null && !fields.clientSecret) throw secretNeededAgain()
      await updateOAuthAppRow(trx, id, {
        ...columnsOf(fields),
        ...sealSecret(deps, after, fields.clientSecret),
        updated_by: editor.actor.displayName,
      })
      if (moved) await requireSignInAgain(trx, await readCredentialIdsOfApp(trx, id), movedBecause(deps, row))
      await afterSave(deps, trx, id, editor)
      await auditChange(trx, editor, {
        action: 'connections.update_oauth_app',
        subject: subjectOf(row),
        details: { fields: Object.keys(fields) },
      })
      return readApp({ ...deps, db: trx }, id)
    }),
  )
}

/** @throws `connections.oauth_app_not_found`, `connections.oauth_app_in_use` naming the credentials */
export async function deleteApp(deps: ConnectionsDeps, id: string, editor: Editor): Promise<void> {
  await transaction(deps.db, async (trx) => {
    const row = await lockOAuthApp(trx, id)
    if (row === undefined) throw refused('connections.oauth_app_not_found')
    const profiles = await readProfileViewsOfApp(trx, id)
    const users = await readCredentialsOfProfile(
      trx,
      profiles.map((profile) => profile.id),
    )
    if (users.length > 0) throw inUse(users)
    const holders = await readCredentialIdsOfApp(trx, id)
    if (holders.length > 0) throw refused('connections.oauth_app_in_use', { say: sayHasTokens })
    await deleteOAuthAppRow(trx, id)
    await auditChange(trx, editor, { action: 'connections.delete_oauth_app', subject: subjectOf(row) })
  })
}

/** Adds a scope to the app and to its default profile. @throws `connections.oauth_app_not_found`, `connections.entity_scope_exists` */
export async function addScope(
  deps: ConnectionsDeps,
  appId: string,
  body: BodyOf<typeof addEntityScope>,
  editor: Editor,
): Promise<OAuthApp> {
  return refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const row = await lockOAuthApp(trx, appId)
      if (row === undefined) throw refused('connections.oauth_app_not_found')
      const scopeId = deps.seams.newId()
      await insertEntityScopes(trx, [
        { id: scopeId, oauth_app_id: appId, ...body, updated_by: editor.actor.displayName },
      ])
      const profile = (await readProfilesOfApp(trx, appId)).find(({ isDefault }) => isDefault)
      if (profile) await setProfileScopes(trx, profile.id, [...profile.scopes.map((scope) => scope.id), scopeId])
      await auditChange(trx, editor, {
        action: 'connections.add_entity_scope',
        subject: subjectOf(row),
        details: { scope: body.scope },
      })
      return readApp({ ...deps, db: trx }, appId)
    }),
  )
}

/** @throws `connections.oauth_app_not_found` */
export async function removeScope(
  deps: ConnectionsDeps,
  appId: string,
  scopeId: string,
  editor: Editor,
): Promise<OAuthApp> {
  return transaction(deps.db, async (trx) => {
    const row = await lockOAuthApp(trx, appId)
    if (row === undefined) throw refused('connections.oauth_app_not_found')
    const scope = await deleteEntityScope(trx, appId, scopeId)
    if (scope !== null)
      await auditChange(trx, editor, {
        action: 'connections.remove_entity_scope',
        subject: subjectOf(row),
        details: { scope },
      })
    return readApp({ ...deps, db: trx }, appId)
  })
}

const constraints = {
  oauth_apps_name: 'connections.oauth_app_exists',
  oauth_entity_scopes_oauth_app_id_scope_key: 'connections.entity_scope_exists',
} as const

async function afterSave(deps: ConnectionsDeps, trx: Database, id: string, { actor }: Editor): Promise<void> {
  const saved = await lockOAuthApp(trx, id)
  if (saved !== undefined) await ensureDefaultProfile(trx, deps.seams.newId, saved, actor.displayName)
}

function columnsOf(fields: Fields) {
  return sent({
    name: fields.name,
    client_id: fields.clientId,
    client_secret_expires_on: fields.clientSecretExpiresOn,
    client_authentication: fields.clientAuthentication,
    default_grant_type: fields.defaultGrantType,
    authorization_url: fields.authorizationUrl,
    token_url: fields.tokenUrl,
    token_revocation_url: fields.tokenRevocationUrl,
    refresh_token_lifespan_seconds: fields.refreshTokenLifespanSeconds,
    access_token_lifespan_seconds: fields.accessTokenLifespanSeconds,
    logo_url: fields.logoUrl,
    comments: fields.comments,
    accessible_from: fields.accessibleFrom,
    active: fields.active,
  })
}

/** An empty secret means "keep the stored one", as an untouched password field says. */
function sealSecret(
  deps: ConnectionsDeps,
  app: { id: string; token_url: string; client_id: string; client_secret_version: number },
  clientSecret: string | undefined,
) {
  if (clientSecret === undefined || clientSecret === '') return {}
  requireOpenVault(deps.vault)
  const version = app.client_secret_version + 1
  const binding = clientSecretBinding({ ...app, client_secret_version: version })
  return { client_secret: deps.vault.seal(new Secret(clientSecret), binding), client_secret_version: version }
}

function rowOf(view: OAuthAppView): OAuthAppRow {
  return {
    id: view.id,
    name: view.name,
    applicationScope: scopeOf(view),
    clientId: view.client_id,
    hasClientSecret: view.client_secret !== null,
    defaultGrantType: view.default_grant_type,
    active: view.active,
    profileCount: Number(view.profile_count ?? 0),
    ...stampOf(view),
  }
}

function slugOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 40) || 'app'
  )
}

function secretNeededAgain() {
  const say = 'The client secret was entered for the old address or client ID. Enter it again to use it here.'
  return refused('connections.client_secret_needed_again', { fields: { clientSecret: say } })
}

function movedBecause({ seams }: ConnectionsDeps, app: OAuthAppRecord) {
  const say = `The Token URL or client ID of ${app.name} was changed, so the old permission is not used any more. Sign in again.`
  return { code: 'connections.destination_changed', say, at: seams.now() }
}

function inUse(users: { id: string; name: string }[]) {
  const say = `${listed(users.map(({ name }) => name))} use profiles of this OAuth app. Give them another profile first.`
  return refused('connections.oauth_app_in_use', { say, facts: { credentials: users } })
}

const sayHasTokens = 'Tokens that were obtained through this OAuth app are still stored. Revoke them first.'

const subjectOf = ({ id, name }: { id: string; name: string }) => ({ kind: 'oauth_app', id, name })
