import type { Database } from '#db/database.ts'
import { requireRecentSignIn } from '#http/recent-sign-in.ts'
import { globalScopeId } from './application-scope-queries.ts'
import { changeRecord, makeRecord, type RecordKind, removeRecord } from './change-record.ts'
import { certificatesInOrder, secretsInOrder } from './client-proof.ts'
import { type ClientProofs, readClientProofs, updateClientSecret } from './client-proof-queries.ts'
import { readCredentialsOfProfile } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { ensureDefaultProfile, entityScopeOf, readProfilesOfApp } from './entity-profile.ts'
import { readProfileViewsOfApp } from './entity-profile-queries.ts'
import { refused } from './errors.ts'
import { cautionOf } from './grant.ts'
import { redirectUri } from './grant-setup.ts'
import { readCertificate } from './key-pair.ts'
import type {
  ClientCertificate,
  ClientSecret,
  createOAuthApp,
  listOAuthApps,
  OAuthApp,
  OAuthAppRow,
  updateOAuthApp,
} from './oauth-app.contract.ts'
import {
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
import { providerOf } from './provider.ts'
import { type BodyOf, type Editor, listed, type QueryOf, scopeOf, sent, stampOf } from './record.ts'
import { onlySecretLabel, replaceClientSecrets, resealKeys, storeClientSecret } from './stored-client-secret.ts'
import { readCredentialIdsOfApp, requireSignInAgain } from './token-queries.ts'

type Fields = Partial<Omit<BodyOf<typeof updateOAuthApp>, 'version'>>

export async function listApps(deps: ConnectionsDeps, query: QueryOf<typeof listOAuthApps>) {
  const { rows, total } = await listOAuthAppViews(deps.db, query)
  return { rows: rows.map(rowOf), total, page: query.page, pageSize: query.pageSize }
}

/** @throws `connections.oauth_app_not_found` */
export async function readApp(
  { db, publicUrl, seams }: Pick<ConnectionsDeps, 'db' | 'publicUrl' | 'seams'>,
  id: string,
): Promise<OAuthApp> {
  const view = await readOAuthAppView(db, id)
  if (view === undefined) throw refused('connections.oauth_app_not_found')
  const profiles = await readProfilesOfApp(db, id)
  const grants = new Set([view.default_grant_type, ...profiles.map(({ grantType }) => grantType)])
  return {
    ...rowOf(view),
    ...proofsOf(await readClientProofs(db, id), seams.now()),
    clientAuthentication: view.client_authentication,
    assertionAudience: view.assertion_audience,
    issuer: view.issuer,
    provider: providerOf(view).name,
    cautions: [...grants].flatMap((grantType) => cautionOf(grantType) ?? []),
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
    profiles,
    scopes: (await readEntityScopes(db, id)).map(entityScopeOf),
  }
}

/** Registers an app. Its redirect URI is its own for ever (draft-ietf-oauth-security-topics-update: no two apps may share one). */
export async function createApp(
  deps: ConnectionsDeps,
  body: BodyOf<typeof createOAuthApp>,
  editor: Editor,
): Promise<OAuthApp> {
  const { applicationScopeId, scopes = [], ...fields } = body
  return makeRecord(deps, oauthAppKind, editor, async (within, id) => {
    const { db: trx, seams } = within
    await insertOAuthApp(trx, {
      ...columnsOf(fields),
      id,
      name: body.name,
      application_scope_id: applicationScopeId ?? (await globalScopeId(trx)),
      redirect_context: `${slugOf(body.name)}-${Buffer.from(seams.randomBytes(4)).toString('hex')}`,
      updated_by: editor.actor.displayName,
    })
    const address = { id, token_url: fields.tokenUrl ?? '', client_id: fields.clientId ?? '' }
    if (fields.clientSecret) await storeClientSecret(within, address, onlySecret(fields, editor))
    await insertEntityScopes(
      trx,
      scopes.map((scope) => ({ id: seams.newId(), oauth_app_id: id, ...scope })),
    )
    await afterSave(within, id, editor)
    return body.name
  })
}

/**
 * Saves an app. A new token URL or client ID is a new destination: the client secret must be entered again, and the tokens that were
 * obtained through the app need a new sign-in.
 * @throws `connections.oauth_app_not_found`, `connections.oauth_app_exists`, `connections.client_secret_needed_again`,
 * `connections.client_secret_not_found`, `connections.changed_by_someone_else`, `connections.vault_sealed`, `http.recent_sign_in_required`
 */
export async function updateApp(
  deps: ConnectionsDeps,
  id: string,
  { version, ...fields }: BodyOf<typeof updateOAuthApp>,
  editor: Editor,
): Promise<OAuthApp> {
  const change = { id, version, fields: Object.keys(fields) }
  return changeRecord(deps, oauthAppKind, { change, editor }, async (within, row) => {
    const { db: trx } = within
    const after = { ...row, token_url: fields.tokenUrl ?? row.token_url, client_id: fields.clientId ?? row.client_id }
    const moved = after.token_url !== row.token_url || after.client_id !== row.client_id
    const proofs = await readClientProofs(trx, id)
    if (leadsElsewhere(row, fields) && (await holdsSecrets(trx, id, proofs)))
      requireRecentSignIn(editor.actor, within.seams.now())
    if (moved && proofs.secrets.length > 0 && !fields.clientSecret) throw secretNeededAgain(proofs.secrets.length)
    await updateOAuthAppRow(trx, id, { ...columnsOf(fields), updated_by: editor.actor.displayName })
    if (fields.clientSecret) await replaceClientSecrets(within, after, onlySecret(fields, editor))
    else if (fields.clientSecretExpiresOn !== undefined) await setDay(trx, proofs, fields.clientSecretExpiresOn)
    if (moved) {
      await resealKeys(within, { before: row, after }, proofs.certificates)
      await requireSignInAgain(trx, await readCredentialIdsOfApp(trx, id), movedBecause(deps, row))
    }
    await afterSave(within, id, editor)
  })
}

/**
 * Would somebody's secrets or sign-in go to another place? A revocation sends refresh token and client secret to its own address, and an
 * authorization page is where people give their password.
 */
function leadsElsewhere(row: OAuthAppRecord, fields: Fields): boolean {
  const places = [
    [row.token_url, fields.tokenUrl],
    [row.client_id, fields.clientId],
    [row.token_revocation_url, fields.tokenRevocationUrl],
    [row.authorization_url, fields.authorizationUrl],
    [row.issuer, fields.issuer],
  ]
  return places.some(([before, after]) => after !== undefined && after !== before)
}

async function holdsSecrets(trx: Database, id: string, { secrets, certificates }: ClientProofs): Promise<boolean> {
  return secrets.length + certificates.length > 0 || (await readCredentialIdsOfApp(trx, id)).length > 0
}

/** @throws `connections.oauth_app_not_found`, `connections.oauth_app_in_use` naming the credentials */
export async function deleteApp(deps: ConnectionsDeps, id: string, editor: Editor): Promise<void> {
  await removeRecord(deps, oauthAppKind, { id, editor }, async ({ db: trx }) => {
    const profiles = await readProfileViewsOfApp(trx, id)
    const users = await readCredentialsOfProfile(
      trx,
      profiles.map((profile) => profile.id),
    )
    if (users.length > 0) throw inUse(users)
    const holders = await readCredentialIdsOfApp(trx, id)
    if (holders.length > 0) throw refused('connections.oauth_app_in_use', { say: sayHasTokens })
    await deleteOAuthAppRow(trx, id)
  })
}

export const oauthAppKind: RecordKind<OAuthAppRecord, OAuthApp> = {
  noun: 'oauth_app',
  notFound: 'connections.oauth_app_not_found',
  constraints: {
    oauth_apps_name: 'connections.oauth_app_exists',
    oauth_entity_scopes_oauth_app_id_scope_key: 'connections.entity_scope_exists',
    client_certificates_oauth_app_id_thumbprint_key: 'connections.certificate_exists',
  },
  lock: lockOAuthApp,
  read: readApp,
  nameOf: (row) => row.name,
}

async function afterSave({ db, seams }: ConnectionsDeps, id: string, { actor }: Editor): Promise<void> {
  const saved = await lockOAuthApp(db, id)
  if (saved !== undefined) await ensureDefaultProfile(db, seams.newId, saved, actor.displayName)
}

function columnsOf(fields: Fields) {
  return sent({
    name: fields.name,
    client_id: fields.clientId,
    client_authentication: fields.clientAuthentication,
    assertion_audience: fields.assertionAudience,
    issuer: fields.issuer,
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

/** What the form of the app holds of it: one secret, and the day it ends. */
function onlySecret({ clientSecret = '', clientSecretExpiresOn = null }: Fields, { actor }: Editor) {
  return { value: clientSecret, label: onlySecretLabel, expiresOn: clientSecretExpiresOn, by: actor.displayName }
}

/** The form's day is that of the only secret; which one of several is meant, it cannot say. */
async function setDay(trx: Database, { secrets }: ClientProofs, day: string | null): Promise<void> {
  const [only, ...others] = secrets
  if (only !== undefined && others.length === 0)
    return updateClientSecret(trx, { appId: only.oauth_app_id, id: only.id }, { expires_on: day })
  if (day === null) return
  const say =
    only === undefined
      ? 'Enter the client secret as well, or leave its day empty.'
      : 'There are several client secrets. Change the day of each under Client Secrets.'
  throw refused('connections.client_secret_not_found', { say, fields: { clientSecretExpiresOn: say } })
}

function proofsOf(proofs: ClientProofs, now: Date) {
  const [only, ...others] = proofs.secrets
  const inUse = certificatesInOrder(proofs.certificates, now)
  const rest = proofs.certificates.filter((one) => !inUse.includes(one)).toReversed()
  return {
    clientSecretExpiresOn: others.length === 0 ? (only?.expires_on ?? null) : null,
    clientSecrets: secretsInOrder(proofs.secrets, now).map(secretOf),
    certificates: [...inUse, ...rest].map(certificateOf),
  }
}

function secretOf(row: ClientProofs['secrets'][number]): ClientSecret {
  return { id: row.id, label: row.label, expiresOn: row.expires_on, ...historyOf(row) }
}

function certificateOf(row: ClientProofs['certificates'][number]): ClientCertificate {
  const { subject, sha1, sha256 } = readCertificate(row.certificate)
  return {
    ...{ id: row.id, label: row.label, subject, sha1, sha256 },
    notBefore: row.not_before.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    active: row.active,
    certificate: row.certificate,
    ...historyOf(row),
  }
}

function historyOf(row: { set_at: Date; set_by: string; worked_at: Date | null; refused_at: Date | null }) {
  return {
    setAt: row.set_at.toISOString(),
    setBy: row.set_by,
    workedAt: row.worked_at?.toISOString() ?? null,
    refusedAt: row.refused_at?.toISOString() ?? null,
  }
}

function rowOf(view: OAuthAppView): OAuthAppRow {
  return {
    id: view.id,
    name: view.name,
    applicationScope: scopeOf(view),
    clientId: view.client_id,
    hasClientSecret: Number(view.secret_count ?? 0) > 0,
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

function secretNeededAgain(count: number) {
  const what = count === 1 ? 'The client secret was' : `The ${count} client secrets were`
  const say = `${what} entered for the old address or client ID. Enter it again to use it here.`
  return refused('connections.client_secret_needed_again', { fields: { clientSecret: say } })
}

function movedBecause({ seams }: ConnectionsDeps, app: OAuthAppRecord) {
  const say = `The Token URL or client ID of ${app.name} was changed, so the old permission is not used any more. Sign in again.`
  return { code: 'connections.destination_changed', say, at: seams.now() }
}

function inUse(users: { id: string; name: string }[]) {
  const say = `${listed(users.map(({ name }) => name))} use profiles of this OAuth app. Give them another profile first.`
  const credentials = users.map(({ id, name }) => ({ id, name }))
  return refused('connections.oauth_app_in_use', { say, facts: { credentials } })
}

const sayHasTokens = 'Tokens that were obtained through this OAuth app are still stored. Revoke them first.'
