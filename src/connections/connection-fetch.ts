import { mayReceiveTokens } from './allowed-hosts.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import type { GrantSetup } from './grant-setup.ts'
import { callOut } from './outbound.ts'
import { type FreshToken, freshToken } from './refresh.ts'
import { withRetries } from './retry.ts'
import type { RetryPolicy } from './retry-decision.ts'
import type { TokenOwner, TokenRecord } from './token-queries.ts'
import { noteUse, type Use } from './token-use.ts'

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
  /** `scope.name` of the alias that was resolved. */
  aliasId: string
  setup: GrantSetup
  owner: TokenOwner
  /** Which one it was when the alias was resolved. */
  token: Pick<TokenRecord, 'id' | 'account_email'>
  baseUrl: string
  timeoutMs: number
  retryPolicy: RetryPolicy | null
}

/**
 * A `fetch` that acts with one token at one address, and only there: it joins paths to the base URL, refuses other origins and
 * redirects, renews the token once when the server answers 401, and follows the alias's retry policy.
 *
 * @param how.use on whose behalf; the audit trail has it before the token leaves
 * @param how.carry how the call is made: with its answer read whole, or passed on as it comes
 * @throws `connections.connection_url_refused`, `connections.other_origin`, `connections.destination_refused`, `connections.redirect_refused`, `connections.no_answer`, and what freshToken throws
 */
export function connectionFetch(
  deps: ConnectionsDeps,
  outlet: Outlet,
  { use, carry = callOut }: { use: Use; carry?: typeof callOut },
): ConnectionFetch {
  const { baseUrl, timeoutMs, retryPolicy } = outlet
  return async (path, init = {}, { mayRepeat = false, retries = true } = {}) => {
    if (!mayReceiveTokens(deps, baseUrl)) throw refused('connections.connection_url_refused')
    const url = joinUrl(baseUrl, path)
    const call = (fresh: FreshToken) => carry(deps.seams, url, { init: authorized(init, fresh), limits: { timeoutMs } })
    const prepare = async () => {
      const fresh = await tokenForCall(deps, outlet, use)
      return async () => {
        const response = await call(fresh)
        if (response.status !== 401) return response
        const renewed = await tokenForCall(deps, outlet, use, fresh.token.version)
        await response.body?.cancel()
        return call(renewed)
      }
    }
    if (retryPolicy === null || !retries || init.body instanceof ReadableStream) return (await prepare())()
    const method = (init.method ?? 'GET').toUpperCase()
    return withRetries(deps.seams, retryPolicy, { method, mayRepeat, signal: init.signal ?? undefined }, prepare)
  }
}

/** The outlet's token, its use noted. `refusedVersion`: the server has just refused that one. */
export async function tokenForCall(
  deps: ConnectionsDeps,
  { setup, owner, aliasId }: Outlet,
  use: Use,
  refusedVersion?: number,
): Promise<FreshToken> {
  const fresh = await freshToken(deps, setup, owner, { use, aliasId, refusedVersion })
  const noted = noteUse(deps, fresh.held, { setup, use, aliasId })
  if (noted !== undefined) await noted
  return fresh
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
