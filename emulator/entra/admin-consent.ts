import type { Context } from 'hono'
import type { TenantEnv } from '../http.ts'
import type { User } from '../model.ts'
import type { AppRecord, Tenant } from '../tenant.ts'
import { findClient } from './authority.ts'
import type { ReplyTo } from './authorize-request.ts'
import { grantConsent } from './consent.ts'
import { adminConsentPage, needAdminPage } from './consent-pages.ts'
import { descriptionOf, type EntraProblem, refusal } from './problem.ts'
import { reply, replyWithProblem } from './reply.ts'
import { isDefaultScope, readScopes, shortScope } from './scopes.ts'
import type { SignInContext } from './sign-in-pages.ts'

export type AdminConsentRequest =
  | { ok: true; app: AppRecord; version: 1 | 2; scopes: string[]; replyTo: ReplyTo }
  | { ok: false; problem: EntraProblem }

/** Reads `/{tenant}/v2.0/adminconsent` (scope required) and `/{tenant}/adminconsent` (what is registered) (entra-docs, v2-admin-consent). */
export function readAdminConsent(tenant: Tenant, url: URL): AdminConsentRequest {
  const query = url.searchParams
  const client = findClient(tenant, query.get('client_id') ?? undefined, url.pathname.split('/')[1] ?? '')
  if (!client.ok) return client
  const redirectUri = query.get('redirect_uri')
  if (redirectUri === null) return { ok: false, problem: refusal(900144, "Missing: 'redirect_uri'.") }
  if (!client.app.redirectUris.includes(redirectUri)) return { ok: false, problem: refusal(50011, `'${redirectUri}'.`) }
  const version = url.pathname.endsWith('/v2.0/adminconsent') ? 2 : 1
  const scope = version === 2 ? query.get('scope') : '.default'
  if (scope === null) return { ok: false, problem: refusal(900144, "Missing: 'scope'.") }
  const scopes = readScopes(scope)
  if (!scopes.ok) return scopes
  const replyTo = { redirectUri, responseMode: 'query', state: query.get('state') } as const
  return { ok: true, app: client.app, version, scopes: askedOf(client.app, scopes.scopes), replyTo }
}

/** Only an administrator sees the consent; everybody else is told so. */
export function adminConsentAfterSignIn(
  c: Context<TenantEnv>,
  context: SignInContext,
  request: AdminConsentRequest,
  user: User,
) {
  if (!request.ok) return replyWithProblem(c, context.tenant, request.problem, null)
  const permissions = [...new Set([...request.scopes, ...request.app.appRoles])]
  return c.html(
    user.isTenantAdmin ? adminConsentPage(context, user, permissions) : needAdminPage(context, user, permissions),
  )
}

export function answerAdminConsent(
  c: Context<TenantEnv>,
  tenant: Tenant,
  request: AdminConsentRequest,
  user: User,
  accepted: boolean,
) {
  if (!request.ok) return replyWithProblem(c, tenant, request.problem, null)
  const fields = { admin_consent: 'True', tenant: tenant.directory.tenantId }
  if (!accepted || !user.isTenantAdmin) {
    const error = request.version === 2 ? 'consent_required' : 'permission_denied'
    return reply(c, request.replyTo, { ...fields, error, error_description: descriptionOf(c, tenant, refusal(65004)) })
  }
  grantConsent(tenant, request.app.clientId, null, request.scopes)
  return reply(c, request.replyTo, { ...fields, scope: request.scopes.join(' ') })
}

function askedOf(app: AppRecord, scopes: string[]): string[] {
  return [...new Set(scopes.flatMap((scope) => (isDefaultScope(scope) ? app.delegatedScopes : [shortScope(scope)])))]
}
