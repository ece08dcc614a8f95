import { lookup } from 'node:dns/promises'
import { Agent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { createSecureContext, type SecureContext } from 'node:tls'
import { createGunzip } from 'node:zlib'
import { isPublicAddress } from './public-address.ts'
import { type Secret, sha256 } from './secret.ts'

/** A destination that calls of ours may not have. The message names the host, never what a server answered. */
export class DestinationRefused extends Error {
  constructor(because: string) {
    super(because)
    this.name = 'DestinationRefused'
  }
}

/** A certificate that one call shows to the server, with the key that proves it (RFC 8446 section 4.4.2). Both PEM; intermediate ones may follow. */
export type ClientCertificate = { certificate: string; privateKey: Secret }

/** What `fetch` has no word for, beside everything it has. */
export type GuardedInit = RequestInit & { clientCertificate?: ClientCertificate }

export type GuardParts = {
  lookUp: (host: string) => Promise<string[]>
  isAllowed: (address: string) => boolean
}

const realParts: GuardParts = {
  lookUp: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  isAllowed: isPublicAddress,
}

/**
 * `fetch` for addresses that somebody typed into a form: https only, no name and password in the address, and only machines on the open
 * internet. Three checks, because each alone has been got around: the address as the URL parser reads it (`0x7f.1`, `[::ffff:127.0.0.1]`),
 * every address that the name resolves to, and the address that the socket in the end is connected to, before a byte of the request is
 * written. The socket connects to the addresses that were checked, so a name that answers differently the second time is not asked twice.
 *
 * Unlike `fetch` it never follows a redirect and uses no proxy. What it cannot see is a router that sends a public address elsewhere.
 *
 * @throws DestinationRefused before anything is sent; TypeError when the server cannot be reached, as fetch does
 */
export function guardedFetch(parts: GuardParts = realParts): typeof globalThis.fetch {
  const agentFor = agentsOf(parts)
  return async (input, init?: GuardedInit) => {
    const streams = init?.body instanceof ReadableStream
    const request = new Request(input, { ...init, ...(streams ? { duplex: 'half' } : {}) } as RequestInit)
    requireSafeUrl(new URL(request.url), parts)
    return send(request, {
      agent: agentFor(init?.clientCertificate),
      body: streams || request.body === null ? null : Buffer.from(await request.arrayBuffer()),
    })
  }
}

/** What can be told from the address alone. The URL parser has already turned decimal, octal, hexadecimal and full-width forms into plain ones. */
function requireSafeUrl(url: URL, { isAllowed }: GuardParts): void {
  if (url.protocol !== 'https:') throw new DestinationRefused(`${url.host} was to be called without https.`)
  if (url.username !== '' || url.password !== '')
    throw new DestinationRefused(`The address of ${url.host} holds a name or password.`)
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !isAllowed(literal)) throw notPublic(literal)
}

/** More certificates at once than any installation has; the sockets of the one that was used longest ago are closed. */
const agentsMax = 50

/**
 * An agent of its own for every certificate: a socket on which one was shown belongs to whoever it names, and no other call may be sent over
 * it. They are told apart by a digest, so that no map holds a key in the clear.
 */
function agentsOf(parts: GuardParts): (shown?: ClientCertificate) => Agent {
  const plain = new GuardedAgent(parts, null)
  const agents = new Map<string, GuardedAgent>()
  return (shown) => {
    if (shown === undefined) return plain
    const { certificate: cert, privateKey } = shown
    const key = privateKey.open('call')
    const digest = sha256(`${cert}\n${key}`).toString('base64')
    const agent = agents.get(digest) ?? new GuardedAgent(parts, createSecureContext({ cert, key }))
    agents.delete(digest)
    agents.set(digest, agent)
    for (const [oldest, idle] of agents) {
      if (agents.size <= agentsMax) break
      agents.delete(oldest)
      idle.destroy()
    }
    return agent
  }
}

class GuardedAgent extends Agent {
  readonly #parts: GuardParts
  readonly #shown: SecureContext | null

  constructor(parts: GuardParts, shown: SecureContext | null) {
    super({ keepAlive: true, keepAliveMsecs: 30_000, maxSockets: 64, scheduling: 'lifo' })
    this.#parts = parts
    this.#shown = shown
  }

  /** Hands a socket over only when it is connected, encrypted and checked, so no request is written to any other. */
  override createConnection(options: SocketOptions, callback?: Connected): undefined {
    const done = callback ?? (() => undefined)
    this.#connect(options).then(
      (socket) => done(null, socket),
      (problem: Error) => done(problem, undefined as never),
    )
  }

  async #connect(options: SocketOptions): Promise<Socket> {
    const host = String(options.host)
    const addresses = isIP(host) === 0 ? await this.#parts.lookUp(host) : [host]
    if (addresses.length === 0) throw new TypeError(`${host} has no address`)
    for (const address of addresses) if (!this.#parts.isAllowed(address)) throw notPublic(host)
    const shown = this.#shown === null ? {} : { secureContext: this.#shown }
    const socket = super.createConnection({
      ...options,
      ...shown,
      lookup: answering(addresses),
    } as SocketOptions) as Socket
    await encrypted(socket)
    if (this.#parts.isAllowed(String(socket.remoteAddress))) return socket
    socket.destroy()
    throw notPublic(host)
  }
}

type SocketOptions = Parameters<Agent['createConnection']>[0]
type Connected = NonNullable<Parameters<Agent['createConnection']>[1]>

/** A resolver that knows one answer: the addresses that were checked. */
function answering(addresses: readonly string[]): LookupFunction {
  return (_host, { all }, callback) => {
    const answers = addresses.map((address) => ({ address, family: isIP(address) }))
    if (all) callback(null, answers)
    else callback(null, answers[0]?.address ?? '', answers[0]?.family)
  }
}

function encrypted(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => {
      socket.off('error', reject)
      resolve()
    })
    socket.once('error', reject)
  })
}

/** A body that is known whole goes out with its length, which some token endpoints insist on; a stream goes out in chunks. */
function send(request: Request, { agent, body: whole }: { agent: Agent; body: Buffer | null }): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'gzip', ...Object.fromEntries(request.headers) }
    const { method, signal } = request
    const outgoing = httpsRequest(request.url, { method, headers, signal, agent }, (answer) => {
      const unzipped = answer.headers['content-encoding'] === 'gzip'
      const bare = method === 'HEAD' || [101, 204, 205, 304].includes(answer.statusCode ?? 0)
      const body = unzipped && !bare ? answer.pipe(createGunzip()) : answer
      if (unzipped) answer.on('error', (problem) => body.destroy(problem))
      if (bare) answer.resume()
      const stream = bare ? null : (Readable.toWeb(Readable.from(chunksOf(body, signal))) as ReadableStream)
      resolve(
        new Response(stream, { status: answer.statusCode ?? 502, headers: headersOf(answer.rawHeaders, unzipped) }),
      )
    })
    outgoing.on('error', (problem) => {
      if (wasIdleTooLong(problem, { request, reused: outgoing.reusedSocket }))
        resolve(send(request, { agent, body: whole }))
      else reject(signal.aborted ? signal.reason : asFetchSaysIt(problem))
    })
    if (whole !== null) outgoing.end(whole)
    else if (request.body === null) outgoing.end()
    else
      Readable.fromWeb(request.body as unknown as NodeStream)
        .on('error', reject)
        .pipe(outgoing)
  })
}

/** An answer that breaks off fails as one of fetch does. */
async function* chunksOf(body: Readable, signal: AbortSignal) {
  try {
    for await (const chunk of body) yield chunk
  } catch (problem) {
    throw signal.aborted ? signal.reason : asFetchSaysIt(problem as Error)
  }
}

/** Servers close sockets that were idle for a while, at times just as we use one again. Reading on another one does no harm. */
function wasIdleTooLong(
  problem: NodeJS.ErrnoException,
  { request, reused }: { request: Request; reused: boolean },
): boolean {
  const reads = ['GET', 'HEAD'].includes(request.method)
  return reused && reads && !request.signal.aborted && ['ECONNRESET', 'EPIPE'].includes(problem.code ?? '')
}

/** A body that was unpacked has no encoding any more, and another length. */
function headersOf(raw: readonly string[], unzipped: boolean): Headers {
  const headers = new Headers()
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (!(unzipped && /^content-(encoding|length)$/i.test(name))) headers.append(name, raw[index + 1] ?? '')
  }
  return headers
}

function asFetchSaysIt(problem: Error): Error {
  return problem instanceof DestinationRefused ? problem : new TypeError('fetch failed', { cause: problem })
}

function notPublic(host: string): DestinationRefused {
  return new DestinationRefused(`${host} is not on the open internet, so nothing was sent to it.`)
}
