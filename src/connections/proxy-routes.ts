import type { Context } from 'hono'
import { refused } from '#http/errors.ts'
import { mountSignedIn, type Router } from '#http/mount.ts'
import type { ConnectionsDeps } from './deps.ts'
import { proxyCalls, proxyHeaders, releaseAccessToken } from './proxy.contract.ts'
import { type ProxiedCall, proxyCall, releaseToken } from './proxy.ts'

/** `/api/connections/aliases/ALIAS/proxy/...`: what comes after it is the path below the connection's address. */
export function mountProxy(router: Router, deps: ConnectionsDeps): void {
  for (const endpoint of proxyCalls) {
    mountSignedIn(router, endpoint, async ({ params, context, actor, requestId }) => {
      requireOwnPage(context)
      const call = await callIn(context, params.id)
      const answer = await proxyCall(deps, call, { actor, requestId })
      return context.newResponse(answer.body, answer)
    })
  }
  mountSignedIn(router, releaseAccessToken, ({ params, body, ...editor }) =>
    releaseToken(deps, { aliasId: params.id, ...body }, editor),
  )
}

async function callIn(context: Context, aliasId: string): Promise<ProxiedCall> {
  const { method, raw } = context.req
  const body = await context.req.arrayBuffer()
  return {
    aliasId,
    connection: context.req.header(proxyHeaders.connection),
    method,
    path: pathAfterProxy(raw.url),
    headers: raw.headers,
    body: method === 'GET' || body.byteLength === 0 ? null : body,
    mayRepeat: context.req.header(proxyHeaders.mayRepeat) === 'yes',
    purpose: context.req.header(proxyHeaders.purpose)?.slice(0, 200) ?? null,
    signal: raw.signal,
  }
}

/** As it was sent, still encoded: decoding it here would let `%2F` become another path there. */
function pathAfterProxy(address: string): string {
  const { pathname, search } = new URL(address)
  const [, after = ''] = /^\/api\/connections\/aliases\/[^/]+\/proxy(\/.*)$/.exec(pathname) ?? []
  return `${after}${search}`
}

/** Reading is not guarded against other sites as writing is, because our own reads change nothing; a call through an alias might. */
function requireOwnPage(context: Context): void {
  const site = context.req.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin') throw refused('http.cross_site')
}
