import type { Context } from 'hono'
import { actorOf, mountSignedIn, type Router } from '#http/mount.ts'
import { Secret } from '#kit/secret.ts'
import { readCookie, writeCookie } from '#people/browser-cookie.ts'
import { readAuthorizationOf } from './authorization-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { type ConnectionErrorCode, connectionErrors, refused } from './errors.ts'
import { finishAuthorization } from './finish-authorization.ts'
import { authorisePersonal, authorizationMs, getToken, type Starter } from './get-token.ts'
import * as contract from './token.contract.ts'

/** Starting a sign-in, coming back from it, and how it ended. */
export function mountAuthorizations(router: Router, deps: ConnectionsDeps): void {
  mountSignedIn(router, contract.getOAuthToken, ({ params, body, ...call }) =>
    getToken(deps, params.id, starterOf(deps, call), body),
  )
  mountSignedIn(router, contract.authorisePersonal, ({ params, body, ...call }) =>
    authorisePersonal(deps, params.id, starterOf(deps, call), body),
  )
  mountSignedIn(router, contract.readAuthorization, async ({ params, actor }) => {
    const row = await readAuthorizationOf(deps.db, params.id, actor.userId)
    if (row === undefined) throw refused('connections.authorization_not_found')
    return {
      id: row.id,
      ...outcomeOf(row, deps.seams.now()),
      expectedName: row.expected_name,
      actualName: row.actual_name,
      purpose: row.purpose,
      credential: { id: row.credential_id, name: row.credential_name },
      openedIn: row.opened_in,
      returnTo: row.return_to,
    }
  })
  router.app.get('/oauth/callback/:context', (context) => answerCallback(deps, context))
}

type Outcome = NonNullable<Awaited<ReturnType<typeof readAuthorizationOf>>>

/** A sign-in that nobody finished in time will not be finished any more: its state is refused from then on. */
function outcomeOf(row: Outcome, now: Date) {
  if (row.outcome !== 'pending' || now <= row.expires_at) {
    return { outcome: row.outcome, code: row.outcome_code, say: row.outcome_say }
  }
  const code = 'connections.authorization_expired'
  return { outcome: 'refused' as const, code, say: connectionErrors[code].say }
}

/**
 * 303 to a clean address at once, so that code and state stay in no history, log or Referer (RFC 9700 section 4.2.4). What belongs to no
 * sign-in of this browser gets a page that says so and nothing else.
 */
async function answerCallback(deps: ConnectionsDeps, context: Context): Promise<Response> {
  const finished = await finishAuthorization(deps, {
    context: context.req.param('context') ?? '',
    query: new URL(context.req.url).searchParams,
    actor: actorOf(context),
    browser: readCookie(context, deps.publicUrl, 'an_tx'),
    requestId: String(context.get('requestId')),
  })
  context.header('Referrer-Policy', 'no-referrer')
  context.header('Cache-Control', 'no-store')
  if (finished.is === 'shown') return context.redirect(`/authorization/${finished.authorizationId}`, 303)
  return context.html(refusalPage(finished.code), 400)
}

/** The browser's secret is kept while it has sign-ins under way and its ten minutes begin anew, so that two tabs do not undo each other. */
function starterOf(
  deps: ConnectionsDeps,
  { actor, context, requestId }: Omit<Starter, 'browser'> & { context: Context },
): Starter {
  const held = readCookie(context, deps.publicUrl, 'an_tx')
  const browser = held ?? new Secret(Buffer.from(deps.seams.randomBytes(32)).toString('base64url'))
  writeCookie(context, deps.publicUrl, { name: 'an_tx', value: browser, maxAgeSeconds: authorizationMs / 1000 })
  return { actor, browser, requestId }
}

/** Our own words only; nothing of the address gets in. */
function refusalPage(code: ConnectionErrorCode): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign-in not accepted</title><main><h1>Sign-in not accepted</h1><p>${connectionErrors[code].say}</p>
<p><small>${code}</small></p><p><a href="/">Back to Anteroom</a></p></main></html>`
}
