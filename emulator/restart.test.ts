import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mintAccessToken } from './access-token.ts'
import { openTenant, type Tenant } from './tenant.ts'
import { tenantApp } from './tenant-app.ts'

const startsAt = Date.parse('2030-01-07T08:00:00Z')
const window = '/me/calendarView/delta?startDateTime=2030-01-01&endDateTime=2030-02-01'

let folder: string
let tenant: Tenant
let sent: { value: { changeType: string }[] }[]
let isUp: boolean
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenant-'))
  sent = []
  isUp = true
  tenant = opened()
})
afterEach(() => {
  tenant.close()
  rmSync(folder, { recursive: true })
})

test('delta goes on where it was, and so does what waited to be told', async () => {
  await call('POST', '/subscriptions', {
    changeType: 'created,updated,deleted',
    notificationUrl: 'https://anteroom.example/notifications',
    resource: 'me/events',
    expirationDateTime: '2030-01-10T00:00:00Z',
  })
  const { id } = await call('POST', '/me/events', meeting())
  const { '@odata.deltaLink': link } = await call('GET', window)
  isUp = false
  await call('PATCH', `/me/events/${id}`, { subject: 'Changed' })
  await tenant.advance(1_000)
  expect([sent, tenant.notifications.size]).toEqual([[], 2])
  tenant.close()

  tenant = opened()
  isUp = true
  const changes = await call('GET', link)
  expect(changes.value).toMatchObject([{ id, subject: 'Changed' }])
  await tenant.advance(60_000)
  expect(sent.flatMap(({ value }) => value.map(({ changeType }) => changeType))).toEqual(['created', 'updated'])
  expect(tenant.notifications.size).toBe(0)
})

test('a mailbox whose log was evicted stays so, and the ledger is kept', async () => {
  const { '@odata.deltaLink': link } = await call('GET', window)
  tenant.changes.evict(tenant.findUser('alice.meyer@contoso.example')?.id ?? '')
  tenant.close()
  tenant = opened()
  expect((await call('GET', link)).error).toMatchObject({ code: 'SyncStateNotFound' })
  expect(tenant.ledger.since().map(({ status, id }) => [id, status])).toEqual([
    [1, 200],
    [2, 410],
  ])
})

function opened(): Tenant {
  const one = openTenant({
    file: join(folder, 'tenant.db'),
    realNow: () => startsAt,
    timers: 'none',
    fetch: async (input, init) => {
      const token = new URL(String(input)).searchParams.get('validationToken')
      if (token !== null) return new Response(token, { headers: { 'content-type': 'text/plain' } })
      if (!isUp) throw new TypeError('fetch failed')
      sent.push(JSON.parse(String(init?.body)))
      return new Response(null, { status: 202 })
    },
  })
  tenantApp(one)
  return one
}

type Answer = { id: string; value: object[]; error?: object; '@odata.deltaLink': string }

async function call(method: string, path: string, body?: object): Promise<Answer> {
  const accountId = tenant.findUser('alice.meyer@contoso.example')?.id ?? ''
  const grant = { clientId: '44d8e95c-ba5b-50be-9b21-ee8c84cff148', accountId, roles: [] }
  const token = await mintAccessToken(tenant, { ...grant, scopes: ['Calendars.ReadWrite'] }, 3600)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const url = path.startsWith('https://') ? path : `https://graph.microsoft.com/v1.0${path}`
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
  return (await (await tenantApp(tenant).fetch(new Request(url, init))).json()) as Answer
}

function meeting() {
  const start = { dateTime: '2030-01-08T10:00:00', timeZone: 'UTC' }
  return { subject: 'Standup', start, end: start }
}
