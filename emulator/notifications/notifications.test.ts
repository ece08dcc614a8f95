import { beforeEach, describe, expect, test } from 'vitest'
import { openSeededTenant, type SeededTenant } from '../../test/support/seeded-tenant.ts'

const alice = 'alice.meyer@contoso.example'
const url = 'https://anteroom.example/notifications'
const lifecycleUrl = 'https://anteroom.example/lifecycle'

type Item = {
  id: string
  changeType?: string
  clientState?: string
  lifecycleEvent?: string
  resourceData?: { id: string }
}
type Request_ = { url: string; atMs: number; items: Item[] }

let seeded: SeededTenant
let requests: Request_[]
let answer: () => Response | Promise<Response>
beforeEach(() => {
  requests = []
  answer = () => new Response(null, { status: 202 })
  seeded = openSeededTenant(11, { fetch: (input, init) => receive(String(input), init) })
})

describe('what the switches do to notifications', () => {
  test('they are dropped, doubled, or carry a wrong client state', async () => {
    await subscribe()
    seeded.tenant.turnSwitches({ notificationDrops: 1 })
    await create()
    seeded.tenant.turnSwitches({ notificationDrops: 0, notificationDuplicates: 1 })
    const doubled = await create()
    seeded.tenant.turnSwitches({ notificationDuplicates: 0, notificationWrongClientState: 1 })
    await create()
    await seeded.tenant.advance(1_000)
    const items = received()
    expect(items.map(({ clientState }) => clientState)).toEqual(['secret', 'secret', 'not-secret'])
    expect([items[0]?.id, items[0]?.resourceData?.id]).toEqual([items[1]?.id, doubled])
  })

  test('they come hours late', async () => {
    seeded.tenant.turnSwitches({ notificationDelays: 1, notificationDelayMaxMs: 4 * 3_600_000 })
    await subscribe()
    for (let made = 0; made < 5; made += 1) await create()
    await seeded.tenant.advance(60_000)
    expect(received().length).toBeLessThan(5)
    await seeded.tenant.advance(4 * 3_600_000)
    expect(received()).toHaveLength(5)
  })

  test('later ones overtake earlier ones', async () => {
    seeded.tenant.turnSwitches({ notificationReorders: 0.5 })
    await subscribe()
    const made: string[] = []
    for (let count = 0; count < 12; count += 1) {
      made.push(await create())
      await seeded.tenant.advance(100)
    }
    await seeded.tenant.advance(10_000)
    const told = received().map(({ resourceData }) => resourceData?.id)
    expect(told.toSorted()).toEqual(made.toSorted())
    expect(told).not.toEqual(made)
  })

  test('a subscription vanishes without a word', async () => {
    await subscribe()
    seeded.tenant.turnSwitches({ subscriptionVanishes: 1 })
    await create()
    await seeded.tenant.advance(60_000)
    expect([requests, seeded.judge.subscriptions()]).toEqual([[], []])
  })
})

describe('by hand', () => {
  test('lifecycle events, known ones and others, and an item made up', async () => {
    const id = await subscribe()
    for (const event of ['missed', 'reauthorizationRequired', 'somethingNew'])
      await seeded.control('POST', `/subscriptions/${id}/lifecycle`, { event })
    await seeded.control('POST', `/subscriptions/${id}/notify`, {
      item: { clientState: 'guess', changeType: 'created' },
    })
    await seeded.control('POST', `/subscriptions/${id}/lifecycle`, { event: 'subscriptionRemoved' })
    await seeded.tenant.advance(1_000)
    const events = requests.filter((one) => one.url === lifecycleUrl).flatMap((one) => one.items)
    expect(events.map(({ lifecycleEvent }) => lifecycleEvent)).toEqual([
      'missed',
      'reauthorizationRequired',
      'somethingNew',
      'subscriptionRemoved',
    ])
    expect(received()).toMatchObject([{ clientState: 'guess', changeType: 'created' }])
    expect((await seeded.call(alice, 'GET', `/subscriptions/${id}`)).status).toBe(404)
  })

  test('what waits can be seen and thrown away', async () => {
    await subscribe()
    await create()
    expect((await seeded.control('GET', '/notifications')).body).toMatchObject({ notifications: [{ url }] })
    await seeded.control('DELETE', '/notifications')
    await seeded.tenant.advance(60_000)
    expect(requests).toEqual([])
  })
})

describe('an endpoint', () => {
  test('that never answers is given ten seconds, and then tried again', async () => {
    await subscribe()
    answer = () => new Promise(() => {})
    await create()
    await seeded.tenant.advance(60_000)
    const [first, second] = requests
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBe(15_000)
    answer = () => new Response(null, { status: 204 })
    await seeded.tenant.advance(60_000)
    expect(seeded.judge.notifications()).toEqual([])
    const sent = seeded.judge.ledger().filter(({ surface }) => surface === 'notification')
    expect(sent[0]).toMatchObject({ method: 'POST', path: url, status: 0, errorCode: 'timed_out' })
    expect(sent.at(-1)).toMatchObject({ status: 204, errorCode: null })
  })

  test('that is often slow is told later, then nothing, and hears that it missed something', async () => {
    await subscribe()
    const quick = answer
    const slow = () => seeded.tenant.wait(10_000).then(quick)
    const tellOnceSlowly = async () => {
      answer = slow
      await tell()
      answer = quick
      await seeded.tenant.advance(10_000)
    }
    for (let made = 0; made < 12; made += 1) await tell()
    await tellOnceSlowly()
    await tellOnceSlowly()
    requests = []
    await create()
    await seeded.tenant.advance(1_000)
    expect(received()).toEqual([])
    await seeded.tenant.advance(10_000)
    expect(received()).toHaveLength(1)
    await tellOnceSlowly()
    await tellOnceSlowly()
    requests = []
    await create()
    await seeded.tenant.advance(30_000)
    expect(requests.find((one) => one.url === lifecycleUrl)?.items).toMatchObject([{ lifecycleEvent: 'missed' }])
    await seeded.tenant.advance(600_000)
    requests = []
    await tell()
    expect(received()).toHaveLength(1)
  })

  test('that the tenant was stopped on is tried again', async () => {
    await subscribe()
    answer = () => new Promise(() => {})
    await create()
    await seeded.tenant.advance(1_000)
    expect(seeded.judge.notifications()).toMatchObject([{ attempts: 1 }])
    expect(seeded.tenant.clock.waiting().map(({ kind }) => kind)).toContain('notifications.send')
  })
})

test('a subscription asks for reauthorization every quarter of an hour before its end, and then ends', async () => {
  await subscribe('2030-01-07T12:00:00Z')
  await seeded.tenant.advance(3 * 3_600_000 + 1_000)
  const events = () => requests.flatMap((one) => one.items.map(({ lifecycleEvent }) => lifecycleEvent))
  expect(events()).toEqual(['reauthorizationRequired'])
  await seeded.tenant.advance(3_600_000)
  expect(events()).toEqual(Array(4).fill('reauthorizationRequired'))
  expect(seeded.judge.subscriptions()).toEqual([])
})

async function receive(address: string, init: RequestInit | undefined): Promise<Response> {
  const token = new URL(address).searchParams.get('validationToken')
  if (token !== null) return new Response(token, { headers: { 'content-type': 'text/plain' } })
  const atMs = seeded.tenant.now().getTime()
  requests.push({ url: address, atMs, items: JSON.parse(String(init?.body)).value })
  return answer()
}

function received(): Item[] {
  return requests.filter((one) => one.url === url).flatMap((one) => one.items)
}

async function subscribe(expirationDateTime = '2030-01-10T00:00:00Z'): Promise<string> {
  const { status, body } = await seeded.call<{ id: string }>(alice, 'POST', '/subscriptions', {
    changeType: 'created,updated,deleted',
    notificationUrl: url,
    lifecycleNotificationUrl: lifecycleUrl,
    resource: 'me/events',
    clientState: 'secret',
    expirationDateTime,
  })
  expect(status).toBe(201)
  return body.id
}

async function create(): Promise<string> {
  const start = { dateTime: '2030-01-08T10:00:00', timeZone: 'UTC' }
  const { body } = await seeded.call<{ id: string }>(alice, 'POST', '/me/events', {
    subject: 'Standup',
    start,
    end: start,
  })
  return body.id
}

async function tell(): Promise<void> {
  await create()
  await seeded.tenant.advance(11_000)
}

test('a subscriber that renews before it answers is not told twice', async () => {
  seeded.tenant.turnSwitches({ notificationsPauseWithToken: 'delegated' })
  const id = await subscribe('2030-01-09T00:00:00Z')
  answer = async () => {
    await seeded.call(alice, 'PATCH', `/subscriptions/${id}`, { expirationDateTime: '2030-01-09T00:00:00Z' })
    await seeded.tenant.wait(1_000)
    return new Response(null, { status: 202 })
  }
  await seeded.control('POST', `/subscriptions/${id}/lifecycle`, { event: 'reauthorizationRequired' })
  await seeded.tenant.advance(60_000)
  expect(requests).toHaveLength(1)
})
