import type { z } from 'zod'
import { Refusal } from '#kit/refusal.ts'
import { type GraphOutcome, noAnswer, notSent, readProblem, requestIdOf } from './graph-problem.ts'

/** `fetch` that is already allowed: it knows the host and carries the token. `path` starts with `/v1.0/`. */
export type AuthorizedFetch = (path: string, init?: RequestInit) => Promise<Response>

/** What it takes to speak to Graph in somebody's name. */
export type Graph = {
  fetch: AuthorizedFetch
  newId: () => string
  now: () => Date
}

export type GraphRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  body?: object
  /** The etag that must still be true (RFC 9110 section 13.1.1). */
  ifMatch?: string | null
  /** Preferences beside immutable ids, such as `outlook.timezone="UTC"`. */
  prefer?: readonly string[]
}

/** Longer than any answer Exchange gives when it is well; shorter than a lease. */
const timeoutMs = 20_000

/** Immutable ids on every call, or ids change when somebody moves an event to another folder ("Obtain immutable identifiers for Outlook resources"). */
const immutableIds = 'IdType="ImmutableId"'

/**
 * Sends one request and returns Graph's response as it came.
 * @throws when no response came within twenty seconds.
 */
export function ask(graph: Graph, { method, path, body, ifMatch, prefer = [] }: GraphRequest): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    Prefer: [immutableIds, ...prefer].join(', '),
    'client-request-id': graph.newId(),
    ...(body ? { 'Content-Type': 'application/json' } : {}),
    ...(ifMatch ? { 'If-Match': ifMatch } : {}),
  }
  const signal = AbortSignal.timeout(timeoutMs)
  return graph.fetch(path, { method, headers, signal, ...(body ? { body: JSON.stringify(body) } : {}) })
}

/** Turns a response into our words. A body that is not what Graph documents is the problem `unreadable`. */
export async function read<T>(response: Response, shape: z.ZodType<T>, now: Date): Promise<GraphOutcome<T>> {
  const text = await response.text()
  if (!response.ok) return readProblem(response, text, now)
  const body = text === '' ? undefined : parsed(text)
  if (text !== '' && isBroken(body)) return { ...readProblem(response, text, now), code: 'unreadable' }
  const result = shape.safeParse(body)
  if (!result.success) {
    return { ...readProblem(response, '', now), code: 'unreadable', message: result.error.message.slice(0, 500) }
  }
  return { is: 'ok', value: result.data, requestId: requestIdOf(response) }
}

/** Asks and reads. What the network does to us is an outcome like any other. */
export async function call<T>(graph: Graph, request: GraphRequest, shape: z.ZodType<T>): Promise<GraphOutcome<T>> {
  try {
    return await read(await ask(graph, request), shape, graph.now())
  } catch (cause) {
    if (cause instanceof Refusal) return notSent(cause)
    if (isNetworkTrouble(cause)) return noAnswer(cause)
    throw cause
  }
}

/**
 * An answer that breaks off, and an error that calls itself a success (both were seen behind gateways). Where nothing of an answer is read,
 * as of a cancellation, they would pass for one, and nobody would know that the meeting is still there.
 */
function isBroken(body: unknown): boolean {
  return body === undefined || (typeof body === 'object' && body !== null && 'error' in body)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What `fetch` rejects with when the world is at fault: TypeError for the network (Fetch Standard), DOMException for time-outs. */
function isNetworkTrouble(cause: unknown): boolean {
  return cause instanceof TypeError || (cause instanceof Error && ['TimeoutError', 'AbortError'].includes(cause.name))
}
