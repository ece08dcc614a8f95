import type { z } from 'zod'
import type { Endpoint } from '#http/contract.ts'
import { readMe } from '#people/contract.ts'
import { browser } from '../browser.ts'
import { ApiProblem, problemIn, unreachable } from './api-problem.ts'
import { proveOneself } from './proof.ts'

export { ApiProblem } from './api-problem.ts'

type Part<Name extends string, Shape extends z.ZodType> =
  unknown extends z.input<Shape>
    ? { [key in Name]?: undefined }
    : Record<never, never> extends z.input<Shape>
      ? { [key in Name]?: z.input<Shape> }
      : { [key in Name]: z.input<Shape> }

/** What an operation has to be given: path parameters, query and body, each only if the contract has it. */
export type Ask<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<'params', P> &
  Part<'query', Q> &
  Part<'body', B>

export type AskArgs<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> =
  Record<never, never> extends Ask<P, Q, B>
    ? [ask?: Ask<P, Q, B>, signal?: AbortSignal]
    : [ask: Ask<P, Q, B>, signal?: AbortSignal]

/**
 * Calls one operation of the REST API and gives its answer, typed by the contract.
 * Throws `ApiProblem` for a refusal, and for a server that cannot be reached.
 */
export async function call<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  operation: Endpoint<P, Q, B, A>,
  ...[ask, signal]: AskArgs<P, Q, B>
): Promise<z.output<A>> {
  const parts = (ask ?? {}) as RequestParts
  const response = await send(operation, parts, signal)
  if (!response.ok) {
    const problem = await problemIn(response)
    if (operation.method === 'GET' || !(await isMended(problem))) throw problem
    return again(operation, parts)
  }
  return (await response.json()) as z.output<A>
}

type RequestParts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }

/**
 * What was refused before anything was done, and what the person can mend on the spot. A write that counts as cross-site may only carry
 * the token of a session that ended.
 */
async function isMended({ code }: ApiProblem): Promise<boolean> {
  if (code === 'http.recent_sign_in_required') return proveOneself()
  if (code !== 'http.cross_site') return false
  csrfToken = null
  return true
}

async function again<A extends z.ZodType>(
  operation: Pick<Endpoint<z.ZodType, z.ZodType, z.ZodType, A>, 'method' | 'path'>,
  parts: RequestParts,
): Promise<z.output<A>> {
  const response = await send(operation, parts)
  if (!response.ok) throw await problemIn(response)
  return (await response.json()) as z.output<A>
}

async function send(
  operation: Pick<Endpoint, 'method' | 'path'>,
  parts: RequestParts,
  signal?: AbortSignal,
): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (operation.method !== 'GET') {
    headers['Content-Type'] = 'application/json'
    const token = await currentCsrfToken()
    if (token !== null) headers['X-Anteroom-CSRF'] = token
  }
  const init: RequestInit = { method: operation.method, headers, credentials: 'same-origin' }
  if (operation.method !== 'GET') init.body = JSON.stringify(parts.body ?? {})
  if (signal) init.signal = signal
  return reach(addressOf(operation.path, parts), init)
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await browser.fetch(address, init)
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw unreachable(cause)
  }
}

function addressOf(path: string, { params = {}, query = {} }: RequestParts): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  return search.size === 0 ? filled : `${filled}?${search}`
}

let csrfToken: string | null = null

/** Called whenever `readMe` was answered, so that writes carry the token of the session that is really there. */
export function rememberCsrfToken(token: string | null): void {
  csrfToken = token
}

async function currentCsrfToken(): Promise<string | null> {
  if (csrfToken === null) {
    const response = await reach(readMe.path, { headers: { Accept: 'application/json' }, credentials: 'same-origin' })
    if (!response.ok) throw await problemIn(response)
    const answer = (await response.json()) as z.output<typeof readMe.answer>
    csrfToken = answer.csrfToken
  }
  return csrfToken
}

/** True when the problem is this code of the server's list. */
export function isProblem(thrown: unknown, code: string): thrown is ApiProblem {
  return thrown instanceof ApiProblem && thrown.code === code
}
