import { randomUUID } from 'node:crypto'
import { createLocalJWKSet, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
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

/**
 * Makes an access token for Graph. Clients must treat it as opaque; it is a JWT signed by the tenant (RS256) so that a restart loses none.
 */
export async function mintAccessToken(
  tenant: Tenant,
  grant: Pick<AccessToken, 'clientId' | 'accountId' | 'scopes' | 'roles'>,
  lifetimeSeconds: number,
): Promise<string> {
  const key = tenant.signingKey
  const issuedAt = Math.floor(tenant.now().getTime() / 1000)
  const application = grant.accountId === null
  const claims: JWTPayload = {
    appid: grant.clientId,
    tid: tenant.directory.tenantId,
    ver: '1.0',
    uti: randomUUID(),
    ...(application
      ? { idtyp: 'app', oid: grant.clientId, sub: grant.clientId, roles: grant.roles }
      : { oid: grant.accountId, sub: grant.accountId ?? '', scp: grant.scopes.join(' ') }),
  }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid ?? '' })
    .setIssuer(`https://sts.windows.net/${tenant.directory.tenantId}/`)
    .setAudience(graphAudience)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(await importJWK(key, 'RS256'))
}

/**
 * Reads an Authorization header. Expiry is judged by the tenant's clock. A token stays good to its expiry even after its person's
 * sessions were revoked: that is how Graph treats clients without continuous access evaluation.
 */
export async function readAccessToken(tenant: Tenant, authorizationHeader: string | undefined): Promise<Bearer> {
  if (authorizationHeader === undefined || authorizationHeader === '') return { ok: false, problem: 'missing' }
  const jwt = /^bearer +(\S+)$/i.exec(authorizationHeader)?.[1]
  if (jwt === undefined) return { ok: false, problem: 'malformed' }
  const { kty, n, e, kid } = tenant.signingKey
  const keys = createLocalJWKSet({ keys: [{ kty, n, e, kid, alg: 'RS256' } as never] })
  try {
    const { payload } = await jwtVerify(jwt, keys, {
      audience: [graphAudience, '00000003-0000-0000-c000-000000000000'],
      issuer: `https://sts.windows.net/${tenant.directory.tenantId}/`,
      currentDate: tenant.now(),
    })
    return { ok: true, token: tokenOf(payload) }
  } catch (cause) {
    return { ok: false, problem: problemOf(cause) }
  }
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

function problemOf(cause: unknown): BearerProblem {
  if (cause instanceof errors.JWTExpired) return 'expired'
  if (cause instanceof errors.JWTClaimValidationFailed && cause.claim === 'aud') return 'wrong_audience'
  return 'malformed'
}
