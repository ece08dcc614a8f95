import { mintAccessToken } from '../emulator/access-token.ts'
import { serveTenant } from '../emulator/server.ts'
import { openTenant, type Tenant } from '../emulator/tenant.ts'
import { tenantApp } from '../emulator/tenant-app.ts'
import { type Figure, figure } from './figure.ts'

/*
 * How quick the local tenant is without a socket, beside the same over real HTTP on this computer. A simulation makes some hundred
 * requests for each seed, so a thousand in a second is a few seeds in a second.
 */
const alice = 'alice.meyer@contoso.example'
const personalApp = '44d8e95c-ba5b-50be-9b21-ee8c84cff148'
const requests = 2_000
const perSecondMin = 1_000

type Send = (url: string, init: RequestInit) => Promise<Response>
type Work = { what: string; path: (id: string, link: string) => string; init: RequestInit }

const works: Work[] = [
  { what: 'ask delta, with nothing new', path: (_, link) => link, init: { method: 'GET' } },
  { what: 'read an event', path: (id) => `/me/events/${id}`, init: { method: 'GET' } },
  { what: 'change an event', path: (id) => `/me/events/${id}`, init: { method: 'PATCH', body: '{"subject":"Moved"}' } },
  {
    what: 'make an event with a room',
    path: () => '/me/events',
    init: { method: 'POST', body: JSON.stringify(event()) },
  },
]

export async function measure(): Promise<Figure[]> {
  const here = await ratesOf(async (tenant) => {
    const app = tenantApp(tenant)
    return { send: (url, init) => app.fetch(new Request(url, init)), close: async () => {} }
  })
  const overHttp = await ratesOf(async (tenant) => {
    const { origin, close } = await serveTenant({ tenant, port: 0 })
    return { send: (url, init) => fetch(url.replace('https://graph.microsoft.com', origin), init), close }
  })
  return works.map(({ what }, at) =>
    figure({
      what,
      value: here[at] ?? 0,
      unit: 'a second',
      peer: 'over HTTP on this computer',
      peerValue: overHttp[at] ?? 0,
      goal: `at least ${perSecondMin} a second`,
      holds: (value) => value >= perSecondMin,
    }),
  )
}

async function ratesOf(
  open: (tenant: Tenant) => Promise<{ send: Send; close: () => Promise<void> }>,
): Promise<number[]> {
  const tenant = openTenant({ file: null, switches: { throttle: false } })
  const { send, close } = await open(tenant)
  const ask = await asAlice(tenant, send)
  const { id } = await (await ask('/me/events', { method: 'POST', body: JSON.stringify(event()) })).json()
  const window = '/me/calendarView/delta?startDateTime=2030-01-01&endDateTime=2030-01-02'
  const { '@odata.deltaLink': link } = await (await ask(window, { method: 'GET' })).json()
  const rates: number[] = []
  for (const work of works) rates.push(await rateOf(() => ask(work.path(id, link), work.init)))
  await close()
  tenant.close()
  return rates
}

async function asAlice(tenant: Tenant, send: Send): Promise<Send> {
  const accountId = tenant.findUser(alice)?.id ?? ''
  const grant = { clientId: personalApp, accountId, scopes: ['Calendars.ReadWrite'], roles: [] }
  const headers = {
    authorization: `Bearer ${await mintAccessToken(tenant, grant, 3600)}`,
    'content-type': 'application/json',
  }
  return (path, init) => {
    const url = path.startsWith('https://') ? path : `https://graph.microsoft.com/v1.0${path}`
    return send(url, { ...init, headers })
  }
}

/** One after the other, each answer read to its end, after a hundred that warm up. */
async function rateOf(work: () => Promise<Response>): Promise<number> {
  for (let done = 0; done < 100; done += 1) await (await work()).text()
  const startedAt = performance.now()
  for (let done = 0; done < requests; done += 1) await (await work()).text()
  return requests / ((performance.now() - startedAt) / 1_000)
}

function event() {
  return {
    subject: 'Standup',
    start: { dateTime: '2030-02-01T10:00:00', timeZone: 'Europe/Berlin' },
    end: { dateTime: '2030-02-01T10:30:00', timeZone: 'Europe/Berlin' },
    attendees: [{ type: 'resource', emailAddress: { address: 'mercury@contoso.example' } }],
  }
}
