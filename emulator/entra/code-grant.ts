import { createHash } from 'node:crypto'
import type { Code, User } from '../model.ts'
import type { AppRecord, Tenant } from '../tenant.ts'
import type { AuthorizeRequest } from './authorize-request.ts'
import { missingScopes } from './consent.ts'
import type { Granted } from './granted.ts'
import { type EntraProblem, refusal } from './problem.ts'
import { isOidcScope, readScopes } from './scopes.ts'

const codeLifetimeMs = 10 * 60 * 1000

/** Writes down a new authorization code and returns it. */
export function keepCode(
  tenant: Tenant,
  request: AuthorizeRequest,
  { user, authTime }: { user: User; authTime: number },
): string {
  const { redirectUri, scopes, nonce, codeChallenge, codeChallengeMethod } = request
  const id = `1.${tenant.chance.bytes(64).toString('base64url')}`
  const issue = { issuedAt: tenant.now().toISOString(), redeemedAt: null }
  const bound = { clientId: request.app.clientId, userId: user.id, redirectUri, scopes, nonce }
  const said = saysAuthTime(request) ? { authTime } : {}
  tenant.codes.put({ id, ...bound, codeChallenge, codeChallengeMethod, ...issue, ...said })
  return id
}

/** OpenID Connect Core, section 2: `auth_time` is in the id token when `max_age` was asked for, and otherwise when the registration says so. */
function saysAuthTime({ app, maxAgeSeconds }: AuthorizeRequest): boolean {
  return maxAgeSeconds !== null || app.optionalIdTokenClaims?.includes('auth_time') === true
}

/** grant_type=authorization_code: the code is spent by its first good use and lives ten minutes. */
export function redeemCode(tenant: Tenant, app: AppRecord, form: URLSearchParams): Granted {
  const missing = ['code', 'redirect_uri'].find((name) => !form.get(name))
  if (missing !== undefined) return { ok: false, problem: refusal(900144, `Missing: '${missing}'.`) }
  const code = tenant.codes.get(form.get('code') ?? '')
  if (code === undefined || code.clientId !== app.clientId) return { ok: false, problem: refusal(70000) }
  const problem = codeProblem(tenant, code, form)
  if (problem !== null) return { ok: false, problem }
  const user = tenant.users.get(code.userId)
  if (user === undefined || !user.enabled) return { ok: false, problem: refusal(50057) }
  const asked = readScopes(form.get('scope') ?? '')
  if (!asked.ok) return asked
  const scopes = asked.scopes.length > 0 ? [...asked.scopes, ...code.scopes.filter(isOidcScope)] : code.scopes
  const unallowed = missingScopes(tenant, app, user.id, scopes)
  if (unallowed.length > 0) return { ok: false, problem: refusal(65001, `Not consented: ${unallowed.join(' ')}.`) }
  tenant.codes.put({ ...code, redeemedAt: tenant.now().toISOString() })
  const authTime = code.authTime === undefined ? {} : { authTime: code.authTime }
  return { ok: true, user, scopes, nonce: code.nonce, ...authTime }
}

function codeProblem(tenant: Tenant, code: Code, form: URLSearchParams): EntraProblem | null {
  if (code.redeemedAt !== null) return refusal(54005)
  if (tenant.now().getTime() - Date.parse(code.issuedAt) > codeLifetimeMs) return refusal(70008)
  if (form.get('redirect_uri') !== code.redirectUri) return refusal(500112)
  return verifierFits(code, form.get('code_verifier')) ? null : refusal(501481)
}

/** RFC 7636, 4.6. A verifier without a challenge is refused too: someone may have stripped the challenge. */
function verifierFits(code: Code, verifier: string | null): boolean {
  if (code.codeChallenge === null || verifier === null) return code.codeChallenge === null && verifier === null
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false
  if (code.codeChallengeMethod === 'plain') return verifier === code.codeChallenge
  return createHash('sha256').update(verifier).digest('base64url') === code.codeChallenge
}
