import { DestinationRefused, type GuardedInit, guardedFetch } from './guarded-fetch.ts'

/**
 * Stand-ins: loopback servers that answer for Microsoft's hosts, so that records keep their real addresses
 * (`https://graph.microsoft.com`) while everything runs against a local tenant. Taking the setting away is all that changes
 * for the real one.
 */
export type StandIn = { host: string; target: string }

export type StandIns = {
  list: readonly StandIn[]
  /** The address to call or to send a browser to: same path and query, other origin, when the host has a stand-in. */
  resolve: (url: string) => string
  /** `fetch` that follows the same rule. What goes to a stand-in may go another way (it is on this machine) than what leaves the house. */
  wrap: (fetch: typeof globalThis.fetch, toStandIn?: typeof globalThis.fetch) => typeof globalThis.fetch
}

/**
 * Reads `host=http://localhost:PORT,host=...`.
 * @throws Error naming what is wrong when a target is not a loopback http(s) origin: a stand-in receives real secrets, so it may never be elsewhere.
 */
export function parseStandIns(setting: string): StandIns {
  const list = setting
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseOne)
  const byHost = new Map(list.map((standIn) => [standIn.host, standIn.target]))
  const resolve = (url: string) => {
    const parsed = new URL(url)
    const target = parsed.protocol === 'https:' && parsed.port === '' ? byHost.get(parsed.hostname) : undefined
    return target === undefined ? url : `${target}${parsed.pathname}${parsed.search}${parsed.hash}`
  }
  return { list, resolve, wrap: (fetch, toStandIn = fetch) => wrapped(resolve, { fetch, toStandIn }) }
}

type Ways = { fetch: typeof globalThis.fetch; toStandIn: typeof globalThis.fetch }

function wrapped(resolve: StandIns['resolve'], { fetch, toStandIn }: Ways): typeof globalThis.fetch {
  return (input, init) => {
    const url = input instanceof Request ? input.url : String(input)
    const target = resolve(url)
    if (target === url) return fetch(input, init)
    if ((init as GuardedInit | undefined)?.clientCertificate !== undefined) return withCertificate(target, init)
    return toStandIn(input instanceof Request ? new Request(target, input) : target, init)
  }
}

/** Only our own agent can show a certificate, and only where there is TLS. */
async function withCertificate(target: string, init: GuardedInit | undefined): Promise<Response> {
  if (target.startsWith('https:')) return onThisMachine(target, init)
  throw new DestinationRefused(`${new URL(target).host} stands in without TLS, so no certificate can be shown to it.`)
}

const onThisMachine = guardedFetch({
  lookUp: async () => ['127.0.0.1'],
  isAllowed: (address) => address === '127.0.0.1' || address === '::1',
})

function parseOne(part: string): StandIn {
  const [host, target] = part.split('=', 2)
  const url = target === undefined ? null : URL.parse(target)
  if (!host || url === null) {
    throw new Error(
      `"${part}" is not HOST=http://localhost:PORT, for example graph.microsoft.com=http://localhost:4401`,
    )
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (!loopback || !['http:', 'https:'].includes(url.protocol)) {
    throw new Error(
      `the stand-in for ${host} is ${url.origin}, but a stand-in must be a loopback address such as http://localhost:4401`,
    )
  }
  return { host: host.toLowerCase(), target: url.origin }
}
