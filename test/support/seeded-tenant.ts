import type { JWK } from 'jose'
import { mintAccessToken } from '../../emulator/access-token.ts'
import { type Judge, judgeOf } from '../../emulator/judge.ts'
import type { Switches } from '../../emulator/model.ts'
import { makeSigningKey } from '../../emulator/signed-jwt.ts'
import { openTenant, type Tenant } from '../../emulator/tenant.ts'
import { tenantApp } from '../../emulator/tenant-app.ts'

export type SeededChoices = {
  switches?: Partial<Switches>
  /** What notifications and handshakes are sent with; without it nobody can subscribe. */
  fetch?: typeof globalThis.fetch
}

export type SeededTenant = {
  tenant: Tenant
  judge: Judge
  /** As the global fetch, answered in this process. */
  fetch: typeof globalThis.fetch
  token: (person: string | null, grants?: string[]) => Promise<string>
  /** A request to Graph as a person, or as an application for null: status, headers and parsed body. */
  call: <B = Json>(who: string | null, method: string, path: string, body?: unknown) => Promise<SeededAnswer<B>>
  /** `/_tenant` as another program would call it. */
  control: <B = Json>(method: string, path: string, body?: unknown) => Promise<SeededAnswer<B>>
}

type Json = Record<string, unknown>
export type SeededAnswer<B = Json> = { status: number; headers: Headers; body: B }

const startsAt = Date.parse('2030-01-07T08:00:00Z')
const personalApp = '44d8e95c-ba5b-50be-9b21-ee8c84cff148'
const applicationApp = 'a9ad7f7d-4618-5e0b-8855-9589ea44b233'
let signingKey: JWK | undefined

/** A tenant without sockets and timers in which one seed gives one run; its time moves by `tenant.advance` only. */
export function openSeededTenant(seed: number, { switches = {}, fetch }: SeededChoices = {}): SeededTenant {
  signingKey ??= makeSigningKey('seeded')
  const tenant = openTenant({
    file: null,
    realNow: () => startsAt,
    random: randomOf(seed),
    timers: 'none',
    switches,
    signingKey,
    fetch: fetch ?? (() => Promise.reject(new TypeError('fetch failed'))),
  })
  const app = tenantApp(tenant)
  const ask = async <B>(url: string, method: string, headers: Record<string, string>, body?: unknown) => {
    const init = { method, headers: { 'content-type': 'application/json', ...headers } }
    return read<B>(
      await app.fetch(new Request(url, body === undefined ? init : { ...init, body: JSON.stringify(body) })),
    )
  }
  const token = (person: string | null, grants?: string[]) => tokenOf(tenant, person, grants)
  return {
    tenant,
    judge: judgeOf(tenant),
    fetch: (input, init) => app.fetch(new Request(input, init)),
    token,
    call: async (who, method, path, body) => {
      const url = path.startsWith('https://') ? path : `https://graph.microsoft.com/v1.0${path}`
      return ask(url, method, { authorization: `Bearer ${await token(who)}` }, body)
    },
    control: (method, path, body) => ask(`http://localhost/_tenant${path}`, method, {}, body),
  }
}

/** Numbers from 0 up to 1 that depend on the seed alone (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

async function read<B>(response: Response): Promise<SeededAnswer<B>> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {} }
}

function tokenOf(tenant: Tenant, person: string | null, grants?: string[]): Promise<string> {
  if (person === null) {
    const roles = grants ?? ['Calendars.ReadWrite', 'Place.Read.All', 'User.Read.All']
    return mintAccessToken(tenant, { clientId: applicationApp, accountId: null, scopes: [], roles }, 3600)
  }
  const scopes = grants ?? ['User.Read', 'Calendars.ReadWrite', 'Calendars.ReadWrite.Shared']
  const accountId = tenant.findUser(person)?.id ?? null
  return mintAccessToken(tenant, { clientId: personalApp, accountId, scopes, roles: [] }, 3600)
}
