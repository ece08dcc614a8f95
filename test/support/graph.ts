import { Client } from '@microsoft/microsoft-graph-client'
import { mintAccessToken } from '../../emulator/access-token.ts'
import type { LedgerEntry, Switches } from '../../emulator/model.ts'
import type { Tenant } from '../../emulator/tenant.ts'
import { startTenant } from './tenant.ts'

export const people = {
  ada: 'ada.admin@contoso.example',
  alice: 'alice.meyer@contoso.example',
  bob: 'bob.tanaka@contoso.example',
  carla: 'carla.rossi@contoso.example',
  service: 'rooms@contoso.example',
} as const

/** Mercury, Venus and Mars accept by themselves; Jupiter asks Carla. */
export const rooms = {
  mercury: 'mercury@contoso.example',
  venus: 'venus@contoso.example',
  mars: 'mars@contoso.example',
  jupiter: 'jupiter@contoso.example',
} as const

export const personalScopes = ['User.Read', 'Calendars.ReadWrite', 'Calendars.ReadWrite.Shared']
export const applicationRoles = ['Calendars.ReadWrite', 'Place.Read.All', 'User.Read.All']
const personalApp = '44d8e95c-ba5b-50be-9b21-ee8c84cff148'
const applicationApp = 'a9ad7f7d-4618-5e0b-8855-9589ea44b233'

/** One request as it went over the wire, and what came back. */
export type WireExchange = { method: string; path: string; status: number; body: unknown }

export type Graph = {
  tenant: Tenant
  origin: string
  exchanges: WireExchange[]
  /** Microsoft's own client, signed in as a person. */
  as: (person: string, scopes?: string[]) => Client
  asApplication: (roles?: string[]) => Client
  token: (person: string | null, grants?: string[]) => Promise<string>
  /** A plain request with a token, for what the client hides: status, headers, odd spellings. */
  call: (
    token: string,
    method: string,
    path: string,
    init?: { body?: unknown; headers?: Record<string, string> },
  ) => Promise<Response>
  /** Lets the tenant's time pass, so that mail arrives and rooms answer. */
  pass: (ms?: number) => void
  ledger: () => LedgerEntry[]
  close: () => Promise<void>
}

/** A tenant over https as Microsoft's Graph client needs it, and everything that went to and fro. */
export async function openGraph(switches: Partial<Switches> = {}): Promise<Graph> {
  const { tenant, origin, close } = await startTenant({ tls: true, switches: { endpointsOn: 'self', ...switches } })
  const recorder = recordFetch(origin)
  const token = (person: string | null, grants?: string[]) => tokenOf(tenant, person, grants)
  const clientOf = (bearer: () => Promise<string>) =>
    Client.initWithMiddleware({
      baseUrl: `${origin}/`,
      customHosts: new Set(['localhost']),
      authProvider: { getAccessToken: bearer },
    })
  return {
    tenant,
    origin,
    exchanges: recorder.exchanges,
    as: (person, scopes) => clientOf(() => token(person, scopes)),
    asApplication: (roles) => clientOf(() => token(null, roles)),
    token,
    call: (bearer, method, path, init = {}) =>
      fetch(`${origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', ...init.headers },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      }),
    pass: (ms = 5_000) => tenant.clock.advance(ms),
    ledger: () => tenant.ledger.since(),
    close: async () => {
      recorder.stop()
      await close()
    },
  }
}

function tokenOf(tenant: Tenant, person: string | null, grants?: string[]): Promise<string> {
  if (person === null) {
    const roles = grants ?? applicationRoles
    return mintAccessToken(tenant, { clientId: applicationApp, accountId: null, scopes: [], roles }, 3600)
  }
  const accountId = tenant.findUser(person)?.id ?? null
  if (accountId === null) throw new Error(`The demo data has no ${person}.`)
  return mintAccessToken(
    tenant,
    { clientId: personalApp, accountId, scopes: grants ?? personalScopes, roles: [] },
    3600,
  )
}

/** Listens at the global fetch, which the client uses: the client itself stays as shipped. */
function recordFetch(origin: string): { exchanges: WireExchange[]; stop: () => void } {
  const original = globalThis.fetch
  const exchanges: WireExchange[] = []
  globalThis.fetch = async (input, init) => {
    const response = await original(input, init)
    const request = new Request(input, { method: init?.method ?? (input instanceof Request ? input.method : 'GET') })
    if (!request.url.startsWith(`${origin}/v1.0`)) return response
    const text = await response.clone().text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    const path = new URL(request.url).pathname
    exchanges.push({ method: request.method, path, status: response.status, body: isJson ? JSON.parse(text) : text })
    return response
  }
  return {
    exchanges,
    stop: () => {
      globalThis.fetch = original
    },
  }
}
