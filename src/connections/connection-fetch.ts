import { mayReceiveTokens } from './allowed-hosts.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { callOut } from './outbound.ts'
import type { Outlet } from './outlet.ts'
import { presentToken } from './present-token.ts'
import { presentValue } from './present-value.ts'
import type { Presenter, Shown } from './presenter.ts'
import { withRetries } from './retry.ts'
import type { Use } from './token-use.ts'

/** What a caller may say about one call. */
export type CallOptions = {
  /** Making this call twice does no harm, although its method is not idempotent. */
  mayRepeat?: boolean
  /** False: the first answer is wanted, whatever it is. */
  retries?: boolean
}
export type ConnectionFetch = (path: string, init?: RequestInit, options?: CallOptions) => Promise<Response>

/**
 * A `fetch` that acts with one credential at one address, and only there: it joins paths to the base URL, refuses other origins and
 * redirects, renews a token once when the server answers 401, and follows the alias's retry policy.
 *
 * @param how.use on whose behalf; the audit trail has it before the proof leaves
 * @param how.carry how the call is made: with its answer read whole, or passed on as it comes
 * @throws `connections.connection_url_refused`, `connections.other_origin`, `connections.destination_refused`, `connections.redirect_refused`,
 * `connections.no_answer`, and what stands in the way of presenting the credential
 */
export function connectionFetch(
  deps: ConnectionsDeps,
  outlet: Outlet,
  { use, carry = callOut }: { use: Use; carry?: typeof callOut },
): ConnectionFetch {
  const { baseUrl, timeoutMs, retryPolicy } = outlet
  const present = presenterOf(deps, outlet, use)
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

function presenterOf(deps: ConnectionsDeps, outlet: Outlet, use: Use): Presenter {
  return outlet.setup === null ? presentValue(deps, outlet, use) : presentToken(deps, outlet, use)
}
