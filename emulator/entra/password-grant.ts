import type { User } from '../model.ts'
import type { AppRecord, Tenant } from '../tenant.ts'
import { missingScopes } from './consent.ts'
import type { Granted } from './granted.ts'
import { type EntraProblem, refusal } from './problem.ts'
import { readScopes } from './scopes.ts'

/** grant_type=password (entra-docs, v2-oauth-ropc): nobody can be asked for consent here, so it must exist. */
export function usePassword(tenant: Tenant, app: AppRecord, form: URLSearchParams): Granted {
  const missing = ['username', 'password', 'scope'].find((name) => !form.get(name))
  if (missing !== undefined) return { ok: false, problem: refusal(900144, `Missing: '${missing}'.`) }
  const checked = checkPassword(tenant, form.get('username') ?? '', form.get('password') ?? '')
  if (!checked.ok) return checked
  const asked = readScopes(form.get('scope') ?? '')
  if (!asked.ok) return asked
  const { user } = checked
  if (missingScopes(tenant, app, user.id, asked.scopes).length > 0) {
    return { ok: false, problem: refusal(65001), userId: user.id }
  }
  return { ok: true, user, scopes: asked.scopes, nonce: null }
}

/** Compares a password the way the sign-in page and the password grant do. */
export function checkPassword(
  tenant: Tenant,
  username: string,
  password: string,
): { ok: true; user: User } | { ok: false; problem: EntraProblem } {
  const user = tenant.findUser(username)
  if (user === undefined) return { ok: false, problem: refusal(50034, `User '${username}'.`) }
  if (!user.enabled) return { ok: false, problem: refusal(50057) }
  if (user.password === null || user.password !== password) return { ok: false, problem: refusal(50126) }
  return { ok: true, user }
}
