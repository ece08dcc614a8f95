import { mayReceiveTokens } from './allowed-hosts.ts'
import type { CredentialRecord } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import type { GrantSetup } from './grant-setup.ts'
import { callOut } from './outbound.ts'
import { presentToken } from './present-token.ts'
import { presentValue } from './present-value.ts'
import type { Presenter, Shown } from './presenter.ts'
import { withRetries } from './retry.ts'
import type { RetryPolicy } from './retry-decision.ts'
import type { TokenOwner } from './token-queries.ts'

/** What a caller may say about one call. */
export type CallOptions = {
  /** Making this call twice does no harm, although its method is not idempotent. */
  mayRepeat?: boolean
  /** False: the first answer is wanted, whatever it is. */
  retries?: boolean
}
export type ConnectionFetch = (path: string, init?: RequestInit, options?: CallOptions) => Promise<Response>

/** One credential, and the one address where it is used. */
export type Outlet = {
  credential: Pick<CredentialRecord, 'id' | 'name' | 'type'>
  /** What its token depends on; null for a credential whose value goes with every call as it is. */
  setup: GrantSetup | null
  owner: TokenOwner
  baseUrl: string
  timeoutMs: number
  retryPolicy: RetryPolicy | null
}

/**
 * A `fetch` that acts with one credential at one address, and only there: it joins paths to the base URL, refuses other origins and
 * redirects, renews a token once when the server answers 401, and follows the alias's retry policy.
 *
 * @param carry how the call is made: with its answer read whole, or passed on as it comes
 * @throws `connections.connection_url_refused`, `connections.other_origin`, `connections.destination_refused`, `connections.redirect_refused`,
 * `connections.no_answer`, and what stands in the way of presenting the credential
 */
export function connectionFetch(
  deps: ConnectionsDeps,
  outlet: Outlet,
  carry: typeof callOut = callOut,
): ConnectionFetch {
  const { baseUrl, timeoutMs, retryPolicy } = outlet
  const present = presenterOf(deps, outlet)
  return async (path, init = {}, { mayRepeat = false, retries = true } = {}) => {
    if (!mayReceiveTokens(deps, baseUrl)) throw refused('connections.connection_url_refused')
    const url = joinUrl(baseUrl, path)
    const call = async (shown: Shown) => {
      const outgoing = shown.put({ url, init })
      const answer = await carry(deps.seams, outgoing.url, { init: outgoing.init, limits: { timeoutMs } })
      shown.clean(answer)
      return answer
    }
    const prepare = async () => {
      const shown = await present()
      return async () => {
        const answer = await call(shown)
        const renewed = answer.status === 401 ? await shown.renewed() : null
        if (renewed === null) return answer
        await answer.body?.cancel()
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

function presenterOf(deps: ConnectionsDeps, { setup, owner, credential, baseUrl }: Outlet): Presenter {
  return setup === null ? presentValue(deps, credential.id, baseUrl) : presentToken(deps, setup, owner)
}
