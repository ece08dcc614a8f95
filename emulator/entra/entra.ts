import { type Context, Hono } from 'hono'
import { applyFaults } from '../faults.ts'
import type { TenantEnv } from '../http.ts'
import { recordRequests } from '../ledger.ts'
import type { Tenant } from '../tenant.ts'
import { forgetAccounts } from './browser-session.ts'
import { answerDiscovery, answerInstanceDiscovery, answerKeys } from './discovery.ts'
import { signedOutPage } from './error-page.ts'
import { answerLogin, beginAdminConsent, beginAuthorize } from './sign-in.ts'
import { answerTokenRequest } from './token-endpoint.ts'
import { pairwiseSubject } from './tokens.ts'

/** The paths of login.microsoftonline.com, and Graph's userinfo endpoint (entra-docs, v2-protocols-oidc). */
export function entraRoutes(tenant: Tenant): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  const watch = [recordRequests(tenant, 'entra'), applyFaults(tenant)] as const
  app.get('/common/discovery/instance', ...watch, (c) => answerInstanceDiscovery(c, tenant))
  app.get('/:tenant/v2.0/.well-known/openid-configuration', ...watch, (c) => answerDiscovery(c, tenant))
  app.get('/:tenant/discovery/v2.0/keys', ...watch, (c) => answerKeys(c, tenant))
  app.get('/:tenant/oauth2/v2.0/authorize', ...watch, (c) => beginAuthorize(c, tenant))
  app.post('/common/login', ...watch, (c) => answerLogin(c, tenant))
  app.get('/:tenant/v2.0/adminconsent', ...watch, (c) => beginAdminConsent(c, tenant))
  app.get('/:tenant/adminconsent', ...watch, (c) => beginAdminConsent(c, tenant))
  app.post('/:tenant/oauth2/v2.0/token', ...watch, (c) => answerTokenRequest(c, tenant))
  app.on(['GET', 'POST'], '/:tenant/oauth2/v2.0/logout', ...watch, (c) => answerLogout(c, tenant))
  app.on(['GET', 'POST'], '/oidc/userinfo', ...watch, (c) => answerUserInfo(c, tenant))
  return app
}

/** Ends the browser's session; goes on only to a registered redirect URI. Refresh tokens live on. */
async function answerLogout(c: Context<TenantEnv>, tenant: Tenant) {
  const url = new URL(c.req.url)
  const asked = c.req.method === 'POST' ? new URLSearchParams(await c.req.text()) : url.searchParams
  const hinted = tenant.findUser(asked.get('logout_hint') ?? '')
  forgetAccounts(c, tenant, hinted?.id ?? null)
  const next = asked.get('post_logout_redirect_uri')
  const registered = next !== null && tenant.apps.find((app) => app.redirectUris.includes(next)) !== undefined
  if (!registered) return c.html(signedOutPage())
  const target = new URL(next)
  const state = asked.get('state')
  if (state !== null) target.searchParams.set('state', state)
  return c.redirect(target.href, 302)
}

function answerUserInfo(c: Context<TenantEnv>, tenant: Tenant) {
  const bearer = c.get('bearer')
  const user = bearer.ok && bearer.token.accountId !== null ? tenant.users.get(bearer.token.accountId) : undefined
  if (!bearer.ok || user === undefined) {
    c.header('www-authenticate', 'Bearer error="invalid_token"')
    return c.json({ error: { code: 'InvalidAuthenticationToken', message: 'Access token validation failure.' } }, 401)
  }
  const sub = pairwiseSubject(bearer.token.clientId, user.id)
  return c.json({ sub, name: user.displayName, email: user.mail, preferred_username: user.userPrincipalName })
}
