import type { RefreshToken, User } from '../model.ts'
import type { AppRecord, Tenant } from '../tenant.ts'
import { missingScopes } from './consent.ts'
import type { Granted } from './granted.ts'
import { type EntraProblem, refusal } from './problem.ts'
import { readScopes } from './scopes.ts'

const inactivityMs = 90 * 24 * 60 * 60 * 1000

/**
 * grant_type=refresh_token. Every use gives a new refresh token and leaves the old one good (entra-docs, refresh-tokens), unless the
 * tenant runs with single-use refresh tokens.
 */
export function useRefreshToken(tenant: Tenant, app: AppRecord, form: URLSearchParams): Granted {
  const given = form.get('refresh_token')
  if (!given) return { ok: false, problem: refusal(900144, "Missing: 'refresh_token'.") }
  const token = tenant.refreshTokens.get(given)
  if (token === undefined || token.clientId !== app.clientId) return { ok: false, problem: refusal(70000) }
  const user = tenant.users.get(token.userId)
  const problem = tokenProblem(tenant, token, user)
  if (user === undefined || problem !== null) {
    return { ok: false, problem: problem ?? refusal(70000), userId: token.userId }
  }
  const asked = readScopes(form.get('scope') ?? '')
  if (!asked.ok) return asked
  const scopes = withOfflineAccess(asked.scopes.length > 0 ? asked.scopes : token.scopes)
  const missing = missingScopes(tenant, app, user.id, scopes)
  if (missing.length > 0) {
    return { ok: false, problem: refusal(65001, `Not consented: ${missing.join(' ')}.`), userId: user.id }
  }
  const now = tenant.now().toISOString()
  tenant.refreshTokens.put({ ...token, lastUsedAt: now, spentAt: token.spentAt ?? now })
  return { ok: true, user, scopes, nonce: null }
}

function tokenProblem(tenant: Tenant, token: RefreshToken, user: User | undefined): EntraProblem | null {
  if (user === undefined) return refusal(50034)
  if (!user.enabled) return refusal(50057)
  if (token.revokedAt !== null || isRevoked(token, user)) return refusal(50173)
  if (tenant.now().getTime() - Date.parse(token.lastUsedAt) > inactivityMs) return refusal(700082)
  if (tenant.switches.singleUseRefreshTokens && token.spentAt !== null) {
    return refusal(70000, 'The refresh token was already used.')
  }
  return null
}

function isRevoked(token: RefreshToken, user: User): boolean {
  const validFrom = user.signInSessionsValidFrom
  return validFrom !== null && Date.parse(token.issuedAt) <= Date.parse(validFrom)
}

/** A refresh is itself proof of `offline_access`, so the new refresh token comes also when the request does not repeat it. */
function withOfflineAccess(scopes: string[]): string[] {
  return scopes.includes('offline_access') ? scopes : [...scopes, 'offline_access']
}
