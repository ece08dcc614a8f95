import { DestinationRefused } from '#kit/guarded-fetch.ts'
import type { Seams } from '#kit/seams.ts'
import { refused } from './errors.ts'

export type OutboundLimits = { timeoutMs: number; bodyBytesMax?: number }

/** More than any token, key set or page of a calendar; a server that sends more is not answering our question. */
const bodyBytesDefault = 10 * 1024 * 1024

/**
 * One call that carries a credential. Redirects are never followed (fetch would carry custom headers to another origin), the
 * time-out covers the body, and the body is read whole under a limit, so the Response that comes back needs no network.
 *
 * @throws `connections.destination_refused`, `connections.redirect_refused`, `connections.no_answer`, `connections.provider_trouble`
 */
export async function callOut(
  seams: Seams,
  url: string,
  { init, limits }: { init: RequestInit; limits: OutboundLimits },
): Promise<Response> {
  const finished = new AbortController()
  const late = new AbortController()
  void seams.wait(limits.timeoutMs, finished.signal).then(() => late.abort())
  const signal = init.signal ? AbortSignal.any([late.signal, init.signal]) : late.signal
  try {
    const response = await seams.fetch(url, { ...init, signal, redirect: 'manual' })
    if (response.status >= 300 && response.status < 400) throw refused('connections.redirect_refused')
    const body = await readBody(response, limits.bodyBytesMax ?? bodyBytesDefault)
    return new Response(body, { status: response.status, headers: response.headers })
  } catch (cause) {
    if (late.signal.aborted) throw refused('connections.no_answer', { say: sayLate(url, limits.timeoutMs), cause })
    if (cause instanceof DestinationRefused)
      throw refused('connections.destination_refused', { say: cause.message, cause })
    if (cause instanceof TypeError) throw refused('connections.provider_trouble', { say: sayUnreachable(url), cause })
    throw cause
  } finally {
    finished.abort()
  }
}

async function readBody(response: Response, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (response.body === null) return null
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body) {
    length += chunk.length
    if (length > bytesMax)
      throw refused('connections.provider_trouble', { say: `An answer had more than ${bytesMax} bytes.` })
    chunks.push(chunk)
  }
  return chunks.length === 0 ? null : new Uint8Array(Buffer.concat(chunks))
}

const sayLate = (url: string, timeoutMs: number) =>
  `${new URL(url).host} did not answer within ${timeoutMs} ms. Try again shortly.`
const sayUnreachable = (url: string) =>
  `${new URL(url).host} cannot be reached. Check the network of this server and try again.`
