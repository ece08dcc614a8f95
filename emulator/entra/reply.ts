import type { Context } from 'hono'
import type { TenantEnv } from '../http.ts'
import { annotate } from '../ledger.ts'
import type { User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import type { AuthorizeRequest, ReplyTo } from './authorize-request.ts'
import { authTimeOf } from './browser-session.ts'
import { keepCode } from './code-grant.ts'
import { errorPage, formPostPage } from './error-page.ts'
import { descriptionOf, type EntraProblem } from './problem.ts'

/** Sends the person back to the app with a fresh code. */
export function replyWithCode(c: Context<TenantEnv>, tenant: Tenant, request: AuthorizeRequest, user: User) {
  annotate(c, { clientId: request.app.clientId, accountId: user.id, accountName: user.userPrincipalName })
  const authTime = authTimeOf(c, tenant, user.id)
  return reply(c, request, {
    code: keepCode(tenant, request, { user, authTime }),
    session_state: tenant.chance.uuid(),
  })
}

/** Sends a refusal back to the app, or shows it where the app's address cannot be trusted. */
export function replyWithProblem(
  c: Context<TenantEnv>,
  tenant: Tenant,
  problem: EntraProblem,
  replyTo: ReplyTo | null,
  more: Record<string, string> = {},
) {
  annotate(c, { errorCode: `AADSTS${problem.number}` })
  if (replyTo === null) return c.html(errorPage(problem, c.get('requestId')), 400)
  const fields = { error: problem.error, error_description: descriptionOf(c, tenant, problem), ...more }
  return reply(c, replyTo, { ...fields, error_uri: `https://login.microsoftonline.com/error?code=${problem.number}` })
}

/** Sends fields to a redirect URI in the response mode that was asked for, `state` echoed word for word. */
export function reply(
  c: Context<TenantEnv>,
  { redirectUri, responseMode, state }: ReplyTo,
  fields: Record<string, string>,
) {
  const all = state === null ? fields : { ...fields, state }
  if (responseMode === 'form_post') return c.html(formPostPage(redirectUri, all))
  const target = new URL(redirectUri)
  if (responseMode === 'fragment') target.hash = new URLSearchParams(all).toString()
  else for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value)
  return c.redirect(target.href, 302)
}
