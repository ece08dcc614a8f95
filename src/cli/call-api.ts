import { resolve } from 'node:path'
import type { z } from 'zod'
import type { Endpoint, Problem } from '#http/contract.ts'
import { readRunFile } from '#kit/run-file.ts'
import { onOneLine } from './print-table.ts'
import { apiToken } from './saved-token.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

export type ApiOptions = { token?: string; url?: string }

const timeoutMs = 30_000

/** One operation of the REST API, typed by its contract, as the owner of the API token. */
export async function callApi<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, A extends z.ZodType>(
  surroundings: Surroundings,
  options: ApiOptions,
  endpoint: Endpoint<P, Q, B, A>,
  input: { params?: z.input<P>; query?: z.input<Q>; body?: z.input<B> },
): Promise<z.output<A>> {
  const server = serverAddress(surroundings, options)
  const token = apiToken(surroundings, options.token)
  const writes = endpoint.method !== 'GET'
  const answer = await ask(surroundings, new URL(addressOf(endpoint.path, input), server), {
    method: endpoint.method,
    headers: {
      authorization: `Bearer ${token.open('call')}`,
      accept: 'application/json',
      ...(writes ? { 'content-type': 'application/json' } : {}),
    },
    ...(writes ? { body: JSON.stringify(input.body ?? {}) } : {}),
  })
  const body = await answer.json().catch(() => null)
  if (!answer.ok) throw new CommandProblem(sentenceOf(body, answer.status, server))
  const parsed = endpoint.answer.safeParse(body)
  if (!parsed.success) {
    throw new CommandProblem(`${server.origin} is another version than this command. Update one of them.`, parsed.error)
  }
  return parsed.data
}

/** The option, ANTEROOM_URL, what a server running from this folder says about itself, or the default. */
function serverAddress({ environment, folder }: Surroundings, { url }: ApiOptions): URL {
  const dataDir = resolve(folder, environment.ANTEROOM_DATA_DIR || 'data')
  const text = url ?? environment.ANTEROOM_URL ?? readRunFile(dataDir)?.publicUrl ?? 'http://localhost:4400'
  const address = URL.parse(text)
  if (address === null || !['http:', 'https:'].includes(address.protocol)) {
    throw new CommandProblem(`"${onOneLine(text)}" is not an address. Use one like https://anteroom.contoso.example.`)
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(address.hostname)
  if (address.protocol === 'http:' && !loopback) {
    throw new CommandProblem(`${address.origin} would send your API token unencrypted. Use its https:// address.`)
  }
  return address
}

async function ask({ seams }: Surroundings, url: URL, init: RequestInit): Promise<Response> {
  try {
    // A redirect would carry the token to wherever it points.
    return await seams.fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
  } catch (cause) {
    throw new CommandProblem(
      `Nothing answers at ${url.origin}. Start Anteroom there, or name another address with --url or ANTEROOM_URL.`,
      cause,
    )
  }
}

function sentenceOf(body: unknown, status: number, server: URL): string {
  const problem = body as Partial<Problem> | null
  if (typeof problem?.detail !== 'string') return `${server.origin} answered ${status}. Is it the address of Anteroom?`
  const fields = Object.entries(problem.fields ?? {}).map(([name, say]) => `${name}: ${say}`)
  return onOneLine([problem.detail, ...fields].join(' '))
}

function addressOf(path: string, { params, query }: { params?: unknown; query?: unknown }): string {
  const values = (params ?? {}) as Record<string, unknown>
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, String(value))
  return search.size > 0 ? `${filled}?${search}` : filled
}
