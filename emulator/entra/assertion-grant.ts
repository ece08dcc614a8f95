import type { AppRecord, Tenant } from '../tenant.ts'
import type { Granted } from './granted.ts'
import { refusal } from './problem.ts'

/**
 * grant_type=jwt-bearer (entra-docs, v2-oauth2-on-behalf-of-flow): on behalf of somebody only. The assertion must be an access token that was
 * issued for the app that presents it. This tenant issues tokens for Graph alone, and one of the client's own making is none at all, so what
 * is sent is never accepted.
 */
export function useAssertion(_tenant: Tenant, _app: AppRecord, form: URLSearchParams): Granted {
  const missing = ['assertion', 'requested_token_use', 'scope'].find((name) => !form.get(name))
  if (missing !== undefined) return { ok: false, problem: refusal(900144, `Missing: '${missing}'.`) }
  if (form.get('requested_token_use') !== 'on_behalf_of') return { ok: false, problem: refusal(90023) }
  return { ok: false, problem: refusal(50013) }
}
