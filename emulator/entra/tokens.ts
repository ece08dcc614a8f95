import { createHash } from 'node:crypto'
import { mintAccessToken } from '../access-token.ts'
import type { User } from '../model.ts'
import { signJwt } from '../signed-jwt.ts'
import type { AppRecord, Tenant } from '../tenant.ts'
import { tokenScopes } from './consent.ts'
import { shortScope } from './scopes.ts'

/** What a person allowed and the app asked for at this moment. */
export type DelegatedGrant = {
  app: AppRecord
  user: User
  /** As asked, long or short names. */
  scopes: string[]
  nonce: string | null
  authTime?: number
  wantsClientInfo: boolean
}

/** Default life of an access token: random between 60 and 90 minutes (entra-docs, configurable-token-lifetimes). */
const accessTokenSeconds = { shortest: 60 * 60, longest: 90 * 60 }
const idTokenSeconds = 60 * 60

/** The answer of the token endpoint to a delegated grant: a refresh token only with `offline_access`, an id token only with `openid`. */
export async function issueDelegatedTokens(tenant: Tenant, grant: DelegatedGrant): Promise<Record<string, unknown>> {
  const { app, user } = grant
  const scopes = tokenScopes(tenant, app.clientId, user.id, grant.scopes)
  const token = { clientId: app.clientId, accountId: user.id, scopes: scopes.map(shortScope), roles: [] }
  return {
    ...(await accessTokenFields(tenant, token)),
    scope: scopes.join(' '),
    ...(grant.scopes.includes('offline_access') ? { refresh_token: keepRefreshToken(tenant, grant) } : {}),
    ...(grant.scopes.includes('openid') ? { id_token: makeIdToken(tenant, grant) } : {}),
    ...(grant.wantsClientInfo ? { client_info: clientInfoOf(tenant, user) } : {}),
  }
}

/** The answer to client credentials: never a refresh token. */
export function issueApplicationToken(tenant: Tenant, app: AppRecord): Promise<Record<string, unknown>> {
  return accessTokenFields(tenant, { clientId: app.clientId, accountId: null, scopes: [], roles: app.appRoles })
}

/** A person's directory: a guest's is its home tenant. */
export function tenantIdOf(tenant: Tenant, user: User): string {
  return user.homeTenantId ?? tenant.directory.tenantId
}

async function accessTokenFields(
  tenant: Tenant,
  token: Parameters<typeof mintAccessToken>[1],
): Promise<Record<string, unknown>> {
  const { shortest, longest } = accessTokenSeconds
  const seconds = tenant.switches.accessTokenLifetimeSeconds ?? tenant.chance.integer(shortest, longest)
  const access_token = await mintAccessToken(tenant, token, seconds)
  return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token }
}

function keepRefreshToken(tenant: Tenant, { app, user, scopes }: DelegatedGrant): string {
  const id = `1.${tenant.chance.bytes(48).toString('base64url')}`
  const now = tenant.now().toISOString()
  const unused = { issuedAt: now, lastUsedAt: now, revokedAt: null, spentAt: null }
  tenant.refreshTokens.put({ id, clientId: app.clientId, userId: user.id, scopes, ...unused })
  return id
}

/** Claims of entra-docs, id-token-claims-reference. */
function makeIdToken(tenant: Tenant, { app, user, scopes, nonce, authTime }: DelegatedGrant): string {
  const { chance } = tenant
  const tid = tenantIdOf(tenant, user)
  const now = Math.floor(tenant.now().getTime() / 1000)
  const profile = { oid: user.id, name: user.displayName, preferred_username: user.userPrincipalName }
  return signJwt(tenant.signingKey, {
    ...(scopes.includes('profile') ? profile : {}),
    ...(scopes.includes('email') ? { email: user.mail } : {}),
    ...(nonce === null ? {} : { nonce }),
    ...(authTime === undefined ? {} : { auth_time: authTime }),
    ...(user.homeTenantId === null ? {} : { idp: `https://sts.windows.net/${user.homeTenantId}/` }),
    tid,
    sid: chance.uuid(),
    uti: chance.bytes(16).toString('base64url'),
    rh: `1.${chance.bytes(24).toString('base64url')}.`,
    aio: chance.bytes(32).toString('base64url'),
    ver: '2.0',
    iss: `https://login.microsoftonline.com/${tid}/v2.0`,
    aud: app.clientId,
    sub: pairwiseSubject(app.clientId, user.id),
    iat: now,
    nbf: now,
    exp: now + idTokenSeconds,
  })
}

/** `sub` differs from app to app, so that apps cannot compare notes. */
export function pairwiseSubject(clientId: string, userId: string): string {
  return createHash('sha256').update(`${clientId} ${userId}`).digest('base64url')
}

function clientInfoOf(tenant: Tenant, user: User): string {
  return Buffer.from(JSON.stringify({ uid: user.id, utid: tenantIdOf(tenant, user) })).toString('base64url')
}
