import type { JWTPayload } from 'jose'
import { readSignedJwt, signJwt } from './signed-jwt.ts'
import type { Tenant } from './tenant.ts'

export type AccessToken = {
  clientId: string
  /** Object id of the person or mailbox, null in application tokens. */
  accountId: string | null
  scopes: string[]
  roles: string[]
  kind: 'delegated' | 'application'
  issuedAt: Date
  expiresAt: Date
}

export type BearerProblem = 'missing' | 'malformed' | 'wrong_audience' | 'expired'
export type Bearer = { ok: true; token: AccessToken } | { ok: false; problem: BearerProblem }

export const graphAudience = 'https://graph.microsoft.com'
const audiences: unknown[] = [graphAudience, '00000003-0000-0000-c000-000000000000']

/**
 * Makes an access token for Graph. Clients must treat it as opaque; it is a JWT signed by the tenant (RS256) so that a restart loses none.
 */
export async function mintAccessToken(
  tenant: Tenant,
  grant: Pick<AccessToken, 'clientId' | 'accountId' | 'scopes' | 'roles'>,
  lifetimeSeconds: number,
): Promise<string> {
  const issuedAt = Math.floor(tenant.now().getTime() / 1000)
  const application = grant.accountId === null
  return signJwt(tenant.signingKey, {
    appid: grant.clientId,
    tid: tenant.directory.tenantId,
    ver: '1.0',
    uti: tenant.chance.uuid(),
    ...(application
      ? { idtyp: 'app', oid: grant.clientId, sub: grant.clientId, roles: grant.roles }
      : { oid: grant.accountId, sub: grant.accountId ?? '', scp: grant.scopes.join(' ') }),
    iss: issuerOf(tenant),
    aud: graphAudience,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + lifetimeSeconds,
  })
}

/**
 * Reads an Authorization header. Expiry is judged by the tenant's clock. A token stays good to its expiry even after its person's
 * sessions were revoked: that is how Graph treats clients without continuous access evaluation.
 */
export function readAccessToken(tenant: Tenant, authorizationHeader: string | undefined): Bearer {
  if (authorizationHeader === undefined || authorizationHeader === '') return { ok: false, problem: 'missing' }
  const jwt = /^bearer +(\S+)$/i.exec(authorizationHeader)?.[1]
  const claims = jwt === undefined ? null : claimsOf(tenant, jwt)
  if (claims === null || claims.iss !== issuerOf(tenant)) return { ok: false, problem: 'malformed' }
  if (!audiences.includes(claims.aud)) return { ok: false, problem: 'wrong_audience' }
  const now = Math.floor(tenant.now().getTime() / 1000)
  // A reset tenant is back in real time, so a token may also come from its future.
  if ((claims.nbf ?? 0) > now) return { ok: false, problem: 'malformed' }
  if ((claims.exp ?? 0) <= now) return { ok: false, problem: 'expired' }
  return { ok: true, token: tokenOf(claims) }
}

const verifiedMax = 2_000
const verified = new WeakMap<Tenant, Map<string, JWTPayload | null>>()

/** A signature is checked once for each token text: checking takes longer than answering most requests. */
function claimsOf(tenant: Tenant, jwt: string): JWTPayload | null {
  const seen = verified.get(tenant) ?? new Map<string, JWTPayload | null>()
  verified.set(tenant, seen)
  const before = seen.get(jwt)
  if (before !== undefined) return before
  if (seen.size >= verifiedMax) seen.clear()
  const claims = readSignedJwt(tenant.signingKey, jwt)
  seen.set(jwt, claims)
  return claims
}

function issuerOf(tenant: Tenant): string {
  return `https://sts.windows.net/${tenant.directory.tenantId}/`
}

function tokenOf(payload: JWTPayload): AccessToken {
  const application = payload.idtyp === 'app'
  return {
    clientId: String(payload.appid),
    accountId: application ? null : String(payload.oid),
    scopes: typeof payload.scp === 'string' ? payload.scp.split(' ') : [],
    roles: Array.isArray(payload.roles) ? payload.roles.map(String) : [],
    kind: application ? 'application' : 'delegated',
    issuedAt: new Date((payload.iat ?? 0) * 1000),
    expiresAt: new Date((payload.exp ?? 0) * 1000),
  }
}
