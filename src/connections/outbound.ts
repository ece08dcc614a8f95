import { Readable } from 'node:stream'
import { DestinationRefused, type GuardedInit } from '#kit/guarded-fetch.ts'
import type { Seams } from '#kit/seams.ts'
import { refused } from './errors.ts'

export type OutboundLimits = { timeoutMs: number; bodyBytesMax?: number }
export type Outbound = { init: GuardedInit; limits: OutboundLimits }

/** More than any token, key set or page of a calendar; a server that sends more is not answering our question. */
const bodyBytesDefault = 10 * 1024 * 1024

/** An answer that is passed on as it comes may be larger, but it ends. */
const streamBytesDefault = 100 * 1024 * 1024
const streamMs = 10 * 60 * 1000

/**
 * One call that carries a credential. Redirects are never followed (fetch would carry custom headers to another origin), the
 * time-out covers the body, and the body is read whole under a limit, so the Response that comes back needs no network.
 *
 * @throws `connections.destination_refused`, `connections.redirect_refused`, `connections.no_answer`, `connections.certificate_not_accepted`, `connections.provider_trouble`
 */
export async function callOut(seams: Seams, url: string, { init, limits }: Outbound): Promise<Response> {
  const timer = timerOf(seams, limits.timeoutMs)
  try {
    const response = await answerTo(seams, url, { init, signal: timer.signal })
    const body = await readBody(response, limits.bodyBytesMax ?? bodyBytesDefault)
    // Headers of their own, because those of an answer from the network cannot be changed, and some must be.
    return new Response(body, { status: response.status, headers: new Headers(response.headers) })
  } catch (cause) {
    throw inWords(cause, { url, init, late: timer.signal.aborted, timeoutMs: limits.timeoutMs })
  } finally {
    timer.stop()
  }
}

/**
 * The same for an answer that is passed on as it comes. The time-out is for the answer's beginning; its body ends after ten minutes or
 * at the limit of its size, and then whoever reads it sees it break off.
 */
export async function callOutStreaming(seams: Seams, url: string, { init, limits }: Outbound): Promise<Response> {
  const timer = timerOf(seams, limits.timeoutMs)
  const body = timerOf(seams, streamMs)
  try {
    const response = await answerTo(seams, url, { init, signal: AbortSignal.any([timer.signal, body.signal]) })
    if (response.body === null) body.stop()
    const bytesMax = limits.bodyBytesMax ?? streamBytesDefault
    const chunks = response.body && Readable.from(limited(response.body, bytesMax, body.stop))
    const stream = chunks && (Readable.toWeb(chunks) as ReadableStream)
    return new Response(stream, { status: response.status, headers: new Headers(response.headers) })
  } catch (cause) {
    body.stop()
    throw inWords(cause, { url, init, late: timer.signal.aborted, timeoutMs: limits.timeoutMs })
  } finally {
    timer.stop()
  }
}

function timerOf(seams: Seams, ms: number): { signal: AbortSignal; stop: () => void } {
  const finished = new AbortController()
  const late = new AbortController()
  void seams.wait(ms, finished.signal).then(() => {
    if (!finished.signal.aborted) late.abort()
  })
  return { signal: late.signal, stop: () => finished.abort() }
}

async function answerTo(
  seams: Seams,
  url: string,
  { init, signal }: { init: GuardedInit; signal: AbortSignal },
): Promise<Response> {
  const either = init.signal ? AbortSignal.any([signal, init.signal]) : signal
  const whole: GuardedInit = { ...init, signal: either, redirect: 'manual' }
  const response = await seams.fetch(url, whole)
  if (response.status < 300 || response.status === 304 || response.status >= 400) return response
  await response.body?.cancel()
  throw refused('connections.redirect_refused')
}

type Call = { url: string; init: GuardedInit; late: boolean; timeoutMs: number }

function inWords(cause: unknown, { url, init, late, timeoutMs }: Call): unknown {
  if (late) return refused('connections.no_answer', { say: sayLate(url, timeoutMs), cause })
  if (cause instanceof DestinationRefused)
    return refused('connections.destination_refused', { say: cause.message, cause })
  if (refusesCertificate(cause))
    return refused('connections.certificate_not_accepted', { say: sayCertificate(url), cause })
  if (cause instanceof TypeError) {
    const say = init.clientCertificate && codesOf(cause).includes('ECONNRESET') ? sayClosed(url) : sayUnreachable(url)
    return refused('connections.provider_trouble', { say, cause })
  }
  return cause
}

/** A server refuses a certificate by an alert (RFC 8446 section 6.2). Some only close the connection, which may mean something else as well. */
function refusesCertificate(problem: unknown): boolean {
  return codesOf(problem).some((code) => /^ERR_SSL_\w+ALERT/.test(code))
}

/** The codes of an error and of what caused it. */
function codesOf(problem: unknown): string[] {
  if (!(problem instanceof Error)) return []
  return ['code' in problem ? String(problem.code) : '', ...codesOf(problem.cause)]
}

/** Whoever stops reading ends the call too. */
async function* limited(body: ReadableStream<Uint8Array>, bytesMax: number, onEnd: () => void) {
  let length = 0
  try {
    for await (const chunk of body) {
      length += chunk.length
      if (length > bytesMax) throw tooLong(bytesMax)
      yield chunk
    }
  } finally {
    onEnd()
  }
}

async function readBody(response: Response, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null) return null
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.length
    if (length > bytesMax) throw tooLong(bytesMax)
    chunks.push(chunk)
  }
  return chunks.length === 0 ? null : new Uint8Array(Buffer.concat(chunks))
}

function tooLong(bytesMax: number) {
  return refused('connections.provider_trouble', { say: `An answer had more than ${bytesMax} bytes.` })
}

const sayLate = (url: string, timeoutMs: number) =>
  `${new URL(url).host} did not answer within ${timeoutMs} ms. Try again shortly.`
const sayCertificate = (url: string) =>
  `${new URL(url).host} wants a client certificate and did not accept ours. Compare it with what the server trusts, and its dates.`
const sayClosed = (url: string) =>
  `${new URL(url).host} closed the connection. If it does so every time, it does not accept our client certificate.`
const sayUnreachable = (url: string) =>
  `${new URL(url).host} cannot be reached. Check the network of this server and try again.`
