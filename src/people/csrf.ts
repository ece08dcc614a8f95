import { createHmac } from 'node:crypto'
import type { Context } from 'hono'
import type { Actor } from '#http/actor.ts'
import { refused as httpRefused } from '#http/errors.ts'
import { type Secret, sameSecret } from '#kit/secret.ts'
import { readCookie } from './browser-cookie.ts'
import type { PeopleDeps } from './deps.ts'

/**
 * The value a page sends back in X-Anteroom-CSRF. It is derived from the session's own token, which scripts of other sites can
 * neither read nor guess, so nothing has to be stored and it dies with the session.
 */
export function csrfTokenFor(sessionToken: Secret): string {
  return createHmac('sha256', sessionToken.open('compare')).update('anteroom csrf v1').digest('base64url')
}

/**
 * Refuses a write that did not come from our own pages. Browsers say where a request came from in Sec-Fetch-Site (Fetch
 * Metadata, section 2.1); older ones only in Origin. With a session the header derived from it is needed as well. API
 * tokens are exempt from both: no browser adds an Authorization header by itself.
 * @throws Refusal `http.cross_site`
 */
export function guardWrite(
  deps: Pick<PeopleDeps, 'publicUrl'>,
): (context: Context, actor: Actor | null) => Promise<void> {
  return async (context, actor) => {
    if (['GET', 'HEAD'].includes(context.req.method) || actor?.via === 'api_token') return
    if (!saysWhereFrom(context)) throw httpRefused('http.cross_site', { say: forScripts })
    if (!fromOwnPage(context, deps.publicUrl)) throw httpRefused('http.cross_site')
    if (actor?.via !== 'session') return
    const token = readCookie(context, deps.publicUrl, 'an_s')
    const sent = context.req.header('x-anteroom-csrf') ?? ''
    if (token === null || !sameSecret(sent, csrfTokenFor(token))) throw httpRefused('http.cross_site')
  }
}

const forScripts =
  'This request does not say which page it comes from, as browsers do. A script sends an API token: Authorization: Bearer an_pat_….'

function saysWhereFrom(context: Context): boolean {
  return context.req.header('sec-fetch-site') !== undefined || context.req.header('origin') !== undefined
}

function fromOwnPage(context: Context, publicUrl: string): boolean {
  const site = context.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  return context.req.header('origin') === new URL(publicUrl).origin
}
