import { recordAudit } from '#audit/audit.ts'
import { type Actor, hasRole } from '#http/actor.ts'
import { refused as httpRefused } from '#http/errors.ts'
import { requireRecentSignIn } from '#http/recent-sign-in.ts'
import { Refusal } from '#kit/refusal.ts'
import { connectionFetch } from './connection-fetch.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { callOutStreaming } from './outbound.ts'
import type { Outlet } from './outlet.ts'
import type { ReleasedToken } from './proxy.contract.ts'
import { headersComingBack, headersGoingOut } from './proxy-headers.ts'
import type { Editor } from './record.ts'
import { freshToken } from './refresh.ts'
import { resolveOutlet } from './resolve.ts'
import { credentialEntry, onBehalfOf, tallyOf, type Use } from './token-use.ts'

export type ProxiedCall = {
  aliasId: string
  /** Name or id of one of several active connections. */
  connection?: string | undefined
  method: string
  /** Path and query below the connection's address, as they were sent. */
  path: string
  headers: Headers
  body: ArrayBuffer | null
  mayRepeat: boolean
  /** What the caller says it is for; it goes into the audit trail. */
  purpose: string | null
  signal: AbortSignal
}

/**
 * Makes one call through an alias for a program, which never sees the credential. The same rules hold as for `fetch` in code: one address,
 * no redirects, the alias's retry policy. The answer's body is passed on as it comes. Every call is in the audit trail, with its end:
 * one entry a minute for the same program, alias and purpose, with how often what was called and how it was answered.
 *
 * @throws what resolving and calling refuse with, and `http.role_required` for a System credential without the role
 */
export async function proxyCall(deps: ConnectionsDeps, call: ProxiedCall, editor: Editor): Promise<Response> {
  const { aliasId, connection, method, mayRepeat, signal } = call
  const outlet = await resolveOutlet(deps, aliasId, { userId: editor.actor.userId }, { connection })
  requireRight(editor.actor, outlet)
  const use = onBehalfOf(editor, call.purpose)
  const how = { use, carry: callOutStreaming }
  const callThere = connectionFetch(deps, { ...outlet, retryPolicy: withoutBodies(outlet) }, how)
  const init = { method, headers: headersGoingOut(call.headers), signal, ...(call.body ? { body: call.body } : {}) }
  try {
    const answer = await callThere(call.path, init, { mayRepeat })
    await note(deps, { call, outlet, use, ended: { status: answer.status } })
    return new Response(answer.body, {
      status: answer.status,
      headers: headersComingBack(answer.headers, outlet.baseUrl),
    })
  } catch (problem) {
    if (problem instanceof Refusal) await note(deps, { call, outlet, use, ended: { refused: problem.code } })
    throw problem
  }
}

/**
 * Gives an access token away, where the operator allows it. The entry in the audit trail is written before the token is answered.
 * @throws `connections.release_off`, `http.recent_sign_in_required`, `connections.nothing_to_release`, and what resolving refuses with
 */
export async function releaseToken(
  deps: ConnectionsDeps,
  asked: { aliasId: string; connection?: string | undefined; purpose: string },
  editor: Editor,
): Promise<ReleasedToken> {
  if (deps.releaseTokens !== true) throw refused('connections.release_off')
  requireRecentSignIn(editor.actor, deps.seams.now())
  const { aliasId, connection, purpose } = asked
  const outlet = await resolveOutlet(deps, aliasId, { userId: editor.actor.userId }, { connection })
  if (outlet.setup === null) throw refused('connections.nothing_to_release')
  const use = onBehalfOf(editor, purpose)
  const { accessToken, token } = await freshToken(deps, outlet.setup, outlet.owner, { use, aliasId: outlet.aliasId })
  const account = token.account_email
  await recordAudit(deps.db, credentialEntry('connections.release_access_token', { ...outlet, token, use }))
  return {
    accessToken: accessToken.open('call'),
    tokenType: 'Bearer',
    expiresAt: token.access_expires_at?.toISOString() ?? null,
    connectionUrl: outlet.baseUrl,
    account,
  }
}

/** One's own permission may be used by whoever it belongs to; the organisation's only by those who look after connections. */
function requireRight(actor: Actor, { owner, credential }: Outlet): void {
  if (owner.userId === actor.userId || hasRole(actor, 'connection_admin')) return
  throw httpRefused('http.role_required', {
    say: `${credential.name} acts for the organisation. Calling with it needs the role connection_admin.`,
    facts: { rolesNeeded: ['admin', 'connection_admin'] },
  })
}

/** An answer that is passed on as it comes cannot be looked into first. */
function withoutBodies({ retryPolicy }: Outlet): Outlet['retryPolicy'] {
  if (retryPolicy === null) return null
  return { ...retryPolicy, conditions: { ...retryPolicy.conditions, bodyContains: [] } }
}

type Note = { call: ProxiedCall; outlet: Outlet; use: Use; ended: { status: number } | { refused: string } }

/** The query is left out: it may hold what people searched for. */
async function note(deps: ConnectionsDeps, { call, outlet, use, ended }: Note): Promise<void> {
  const to = `${new URL(outlet.baseUrl).host}${call.path.split('?', 1)[0]}`
  const tally = tallyOf(deps, 'connections.proxy_call', { ...outlet, use })
  await tally.count({ method: call.method, to, ...ended })
}
