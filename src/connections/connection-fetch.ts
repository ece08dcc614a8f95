import { mayReceiveTokens } from './allowed-hosts.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import type { GrantSetup } from './grant-setup.ts'
import { callOut } from './outbound.ts'
import { type FreshToken, freshToken } from './refresh.ts'
import { withRetries } from './retry.ts'
import type { RetryPolicy } from './retry-decision.ts'
import { noteUse, type TokenOwner } from './token-queries.ts'

const usedEveryMs = 60_000

/** What a caller may say about one call. */
export type CallOptions = {
  /** Making this call twice does no harm, although its method is not idempotent. */
  mayRepeat?: boolean
  /** False: the first answer is wanted, whatever it is. */
  retries?: boolean
}
export type ConnectionFetch = (path: string, init?: RequestInit, options?: CallOptions) => Promise<Response>

/** One token, and the one address where it is used. */
export type Outlet = {
  setup: GrantSetup
  owner: TokenOwner
  baseUrl: string
  timeoutMs: number
  retryPolicy: RetryPolicy | null
}

/**
 * A `fetch` that acts with one token at one address, and only there: it joins paths to the base URL, refuses other origins and
 * redirects, renews the token once when the server answers 401, and follows the alias's retry policy.
 *
 * @param carry how the call is made: with its answer read whole, or passed on as it comes
 * @throws `connections.connection_url_refused`, `connections.other_origin`, `connections.destination_refused`, `connections.redirect_refused`, `connections.no_answer`, and what freshToken throws
 */
export function connectionFetch(
  deps: ConnectionsDeps,
  { setup, owner, baseUrl, timeoutMs, retryPolicy }: Outlet,
  carry: typeof callOut = callOut,
): ConnectionFetch {
  return async (path, init = {}, { mayRepeat = false, retries = true } = {}) => {
    if (!mayReceiveTokens(deps, baseUrl)) throw refused('connections.connection_url_refused')
    const url = joinUrl(baseUrl, path)
    const call = (fresh: FreshToken) => carry(deps.seams, url, { init: authorized(init, fresh), limits: { timeoutMs } })
    const prepare = async () => {
      const fresh = await freshToken(deps, setup, owner)
      await noteUsed(deps, fresh)
      return async () => {
        const response = await call(fresh)
        if (response.status !== 401) return response
        const renewed = await freshToken(deps, setup, owner, { refusedVersion: fresh.token.version })
        await response.body?.cancel()
        return call(renewed)
      }
    }
    if (retryPolicy === null || !retries || init.body instanceof ReadableStream) return (await prepare())()
    const method = (init.method ?? 'GET').toUpperCase()
    return withRetries(deps.seams, retryPolicy, { method, mayRepeat, signal: init.signal ?? undefined }, prepare)
  }
}

/** `path` below the base URL, or a whole address (a next link) of the same origin and path prefix. */
export function joinUrl(baseUrl: string, path: string): string {
  const base = new URL(baseUrl)
  const joined = path.startsWith('/') && !path.startsWith('//') ? URL.parse(`${baseUrl}${path}`) : URL.parse(path)
  const prefix = base.pathname.replace(/\/$/, '')
  const inside = joined !== null && joined.origin === base.origin && `${joined.pathname}/`.startsWith(`${prefix}/`)
  if (!inside || joined.username !== '' || joined.password !== '') throw refused('connections.other_origin')
  return joined.href
}

function authorized(init: RequestInit, { accessToken }: FreshToken): RequestInit {
  const headers = new Headers(init.headers)
  headers.set('Authorization', `Bearer ${accessToken.open('call')}`)
  return { ...init, headers }
}

async function noteUsed({ db, seams }: ConnectionsDeps, { token }: FreshToken): Promise<void> {
  const now = seams.now()
  const notSince = new Date(now.getTime() - usedEveryMs)
  if (token.last_used_at !== null && token.last_used_at > notSince) return
  // The record may be remembered by this process, and notes of use are no change of version that would be told.
  token.last_used_at = now
  await noteUse(db, token.id, { now, notSince })
}
