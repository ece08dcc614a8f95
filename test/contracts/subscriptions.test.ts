import { type Client, GraphError, type PageCollection } from '@microsoft/microsoft-graph-client'
import type { Event, Subscription } from '@microsoft/microsoft-graph-types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Graph, openGraph, people, rooms } from '../support/graph.ts'
import { expectDescribed } from '../support/graph-openapi.ts'
import { asking, meeting } from '../support/meeting.ts'
import { openSubscriber, type Subscriber } from '../support/subscriber.ts'

let graph: Graph
let subscriber: Subscriber
beforeAll(async () => {
  graph = await openGraph({ notificationBatchMs: 20 })
  subscriber = await openSubscriber()
})
beforeEach(() => {
  graph.tenant.reset()
  subscriber.reset()
})
afterEach(() => expectDescribed(graph.exchanges.splice(0)))
afterAll(async () => {
  await graph.close()
  await subscriber.close()
})

describe('the handshake', () => {
  test('asks both addresses before the answer, with a token that has to be decoded', async () => {
    const made = await subscribe(graph.asApplication(), { lifecycleNotificationUrl: subscriber.url })
    expect(made).toMatchObject({
      resource: `/users/${rooms.mercury}/events`,
      changeType: 'created,updated,deleted',
      clientState: 'our secret',
      latestSupportedTlsVersion: 'v1_2',
    })
    expect(subscriber.handshakes).toHaveLength(2)
    for (const { contentType, query } of subscriber.handshakes) {
      expect(contentType).toBe('text/plain; charset=utf-8')
      expect(query.get('for')).toBe('us')
      expect(query.get('validationToken')).toMatch(/^Validation: .+ Request-Id: /)
    }
  })

  test.each<[string, Subscriber['answers']['handshake'], string]>([
    [
      'another status',
      (token, response) => response.writeHead(202, { 'content-type': 'text/plain' }).end(token),
      'must respond with 200 OK',
    ],
    [
      'another type',
      (token, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(token),
      'must respond with 200 OK',
    ],
    [
      'another text',
      (_, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('"x"'),
      'must exactly match',
    ],
    ['a cut connection', (_, response) => response.destroy(), 'must respond with 200 OK'],
  ])('%s is no proof', async (_, handshake, says) => {
    subscriber.answers.handshake = handshake
    const problem = await refusalOf(subscribe(graph.asApplication()))
    expect(problem).toMatchObject({ statusCode: 400, code: 'InvalidRequest', message: expect.stringContaining(says) })
    expect(graph.tenant.subscriptions.size).toBe(0)
  })
})

describe('what may be subscribed to', () => {
  test.each([
    ['me/events', people.alice],
    ['/Me/Events', people.alice],
    [`Users/${people.alice}/Events`, people.alice],
    [`/users('${people.alice}')/events`, people.alice],
    [`users/${rooms.mercury}/events`, null],
  ])('%s by %s', async (resource, who) => {
    const client = who === null ? graph.asApplication() : graph.as(who)
    expect((await subscribe(client, { resource })).resource).toBe(resource)
  })

  const day = 86_400_000
  test.each<[string, string | null, object, number, string]>([
    ["somebody else's mailbox", people.service, { resource: `users/${rooms.mercury}/events` }, 403, 'ExtensionError'],
    ['me without a person', null, { resource: 'me/events' }, 400, 'BadRequest'],
    ['messages', people.alice, { resource: 'me/messages' }, 400, 'InvalidRequest'],
    ['http elsewhere', null, { notificationUrl: 'http://elsewhere.example/n' }, 400, 'InvalidRequest'],
    ['no address', null, { notificationUrl: 'nonsense' }, 400, 'InvalidRequest'],
    ['another change', null, { changeType: 'created,moved' }, 400, 'InvalidRequest'],
    ['a long client state', null, { clientState: 'x'.repeat(129) }, 400, 'InvalidRequest'],
    [
      'more than a week',
      null,
      { expirationDateTime: new Date(Date.now() + 8 * day).toISOString() },
      400,
      'InvalidRequest',
    ],
    ['no time', null, { expirationDateTime: 'soon' }, 400, 'InvalidRequest'],
    ['a property too few', null, { changeType: undefined }, 400, 'RequestBodyRead'],
  ])('not %s', async (_, who, changes, statusCode, code) => {
    const client = who === null ? graph.asApplication() : graph.as(who)
    expect(await refusalOf(subscribe(client, changes))).toMatchObject({ statusCode, code })
    expect(subscriber.handshakes).toEqual([])
  })

  test('property names in any case; what is no JSON is refused', async () => {
    const token = await graph.token(null)
    const asked = {
      ChangeType: 'Created',
      NotificationUrl: subscriber.url,
      Resource: `USERS/${rooms.mercury.toUpperCase()}/EVENTS`,
      ExpirationDateTime: inDays(1),
    }
    const made = await graph.call(token, 'POST', '/v1.0/Subscriptions', { body: asked })
    expect([made.status, (await made.json()).changeType]).toEqual([201, 'created'])
    const spoilt = { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{' }
    const refused = await fetch(`${graph.origin}/v1.0/subscriptions`, spoilt)
    expect([refused.status, (await refused.json()).error.code]).toEqual([400, 'BadRequest'])
    expect((await graph.call('spoilt', 'GET', '/v1.0/subscriptions')).status).toBe(401)
  })

  test('shared permissions are no permission to subscribe', async () => {
    const shared = graph.as(people.alice, ['Calendars.ReadWrite.Shared'])
    expect(await refusalOf(subscribe(shared, { resource: 'me/events' }))).toMatchObject({
      statusCode: 403,
      code: 'ExtensionError',
    })
    expect((await subscribe(graph.as(people.alice, ['Calendars.Read']), { resource: 'me/events' })).id).toBeTruthy()
  })

  test('the same once more is a conflict, another kind of change is not', async () => {
    await subscribe(graph.asApplication())
    const twin = { changeType: 'deleted, Updated,created', resource: `Users/${rooms.mercury}/events` }
    expect(await refusalOf(subscribe(graph.asApplication(), twin))).toMatchObject({ statusCode: 409 })
    expect((await subscribe(graph.asApplication(), { changeType: 'deleted' })).changeType).toBe('deleted')
    graph.tenant.turnSwitches({ subscriptionDuplicates: 'allow' })
    expect((await subscribe(graph.asApplication(), twin)).id).toBeTruthy()
  })

  test('no mailbox has more than a thousand', async () => {
    graph.tenant.turnSwitches({ subscriptionsPerMailbox: 1 })
    await subscribe(graph.asApplication())
    expect(await refusalOf(subscribe(graph.asApplication(), { changeType: 'deleted' }))).toMatchObject({
      statusCode: 403,
    })
  })
})

describe('its life', () => {
  test('is at least 45 minutes, is renewed, and ends', async () => {
    const app = graph.asApplication()
    const soon = new Date(graph.tenant.now().getTime() + 60_000).toISOString()
    const made = await subscribe(app, { expirationDateTime: soon })
    expect(minutesLeft(made)).toBeCloseTo(45, 0)
    const renewed: Subscription = await app.api(`/subscriptions/${made.id}`).patch({ expirationDateTime: inDays(6) })
    expect(minutesLeft(renewed)).toBeCloseTo(6 * 24 * 60, 0)
    await app.api(`/subscriptions/${made.id}/reauthorize`).post({})
    expect(await app.api(`/subscriptions/${made.id}`).get()).toMatchObject({
      expirationDateTime: renewed.expirationDateTime,
    })
    expect(
      await refusalOf(app.api(`/subscriptions/${made.id}`).patch({ lifecycleNotificationUrl: subscriber.url })),
    ).toMatchObject({ statusCode: 400 })
    graph.pass(6 * 86_400_000)
    expect(
      await refusalOf(app.api(`/subscriptions/${made.id}`).patch({ expirationDateTime: inDays(1) })),
    ).toMatchObject({
      statusCode: 404,
      code: 'ResourceNotFound',
    })
  })

  test('a new address has to prove itself too', async () => {
    const app = graph.asApplication()
    const made = await subscribe(app)
    const other = `${subscriber.url}&and=more`
    await app.api(`/subscriptions/${made.id}`).patch({ notificationUrl: other })
    expect(subscriber.handshakes.at(-1)?.query.get('and')).toBe('more')
    subscriber.answers.handshake = (_, response) => response.writeHead(500).end()
    const renewal = app.api(`/subscriptions/${made.id}`).patch({ notificationUrl: subscriber.url })
    expect(await refusalOf(renewal)).toMatchObject({ statusCode: 400 })
    expect((await app.api(`/subscriptions/${made.id}`).get()).notificationUrl).toBe(other)
  })

  test('an app sees its own, a person only those made for them', async () => {
    const app = graph.asApplication()
    const made = await subscribe(app)
    const mine = await subscribe(graph.as(people.alice), { resource: 'me/events' })
    await subscribe(graph.as(people.bob), { resource: 'me/events' })
    const idsOf = async (client: Client) =>
      ((await client.api('/subscriptions').get()) as PageCollection).value.map(({ id }) => id)
    expect(await idsOf(app)).toEqual([made.id])
    expect(await idsOf(graph.as(people.alice))).toEqual([mine.id])
    expect(await refusalOf(graph.as(people.bob).api(`/subscriptions/${mine.id}`).delete())).toMatchObject({
      statusCode: 404,
    })
    await graph.as(people.alice).api(`/subscriptions/${mine.id}`).delete()
    expect(await idsOf(graph.as(people.alice))).toEqual([])
  })
})

describe('delivery', () => {
  test('a copy that is made, answered and deleted tells of each, in the form Graph gives it', async () => {
    const made = await subscribe(graph.asApplication())
    const created = await create({ attendees: asking(rooms.mercury) })
    graph.pass()
    const [first, second] = await subscriber.received(2)
    const [copy] = graph.tenant.events.listBy(idOf(rooms.mercury))
    expect([first?.changeType, second?.changeType]).toEqual(['created', 'updated'])
    expect(second).toEqual({
      id: expect.any(String),
      subscriptionId: made.id,
      subscriptionExpirationDateTime: made.expirationDateTime,
      clientState: 'our secret',
      changeType: 'updated',
      resource: `Users/${idOf(rooms.mercury)}/Events/${copy?.id}`,
      tenantId: graph.tenant.directory.tenantId,
      resourceData: {
        '@odata.type': '#Microsoft.Graph.Event',
        '@odata.id': `Users/${idOf(rooms.mercury)}/Events/${copy?.id}`,
        '@odata.etag': `W/"${copy?.changeKey}"`,
        id: copy?.id,
      },
    })
    await graph.as(people.alice).api(`/me/events/${created.id}`).delete()
    graph.pass()
    expect((await subscriber.received(3)).at(-1)?.changeType).toBe('updated') // a room keeps what was cancelled
    await graph.asApplication().api(`/users/${rooms.mercury}/events/${copy?.id}`).delete()
    expect((await subscriber.received(4)).at(-1)?.changeType).toBe('deleted')
  })

  test('several changes come in one request; ids are as the subscription was asked for', async () => {
    await subscribe(graph.as(people.alice), { resource: 'me/events' }, { prefer: 'IdType="ImmutableId"' })
    graph.tenant.turnSwitches({ notificationBatchMs: 300 })
    const made = [await create(), await create(), await create()]
    const items = await subscriber.received(3)
    expect(subscriber.batches).toHaveLength(1)
    const immutable = made.map(({ id }) => graph.tenant.events.get(id ?? '')?.immutableId)
    expect(items.map(({ resourceData }) => resourceData?.id)).toEqual(immutable)
  })

  test('only the changes asked for are told, and nothing of other mailboxes', async () => {
    await subscribe(graph.as(people.alice), { resource: 'me/events', changeType: 'deleted' })
    const event = await create()
    await graph.as(people.bob).api('/me/events').post(meeting(graph.tenant.now()))
    await graph.as(people.alice).api(`/me/events/${event.id}`).delete()
    expect((await subscriber.received(1)).map(({ changeType }) => changeType)).toEqual(['deleted'])
    await graph.tenant.advance(60_000)
    expect(subscriber.batches.flat()).toHaveLength(1)
  })

  test('what was refused is tried again, less and less often, for four hours, and then it is missed', async () => {
    await subscribe(graph.asApplication(), { lifecycleNotificationUrl: subscriber.url.replace('us', 'life') })
    let isDown = true
    subscriber.answers.notification = (response) => response.writeHead(isDown ? 503 : 202).end()
    await graph.asApplication().api(`/users/${rooms.mercury}/events`).post(meeting(graph.tenant.now()))
    await graph.tenant.advance(60_000)
    const inAMinute = subscriber.batches.length
    expect(inAMinute).toBeGreaterThan(2)
    await graph.tenant.advance(3 * 3_600_000)
    expect(subscriber.batches.length - inAMinute).toBeLessThan(20)
    await graph.tenant.advance(3_600_000)
    expect(graph.tenant.notifications.list()).toMatchObject([{ payload: { lifecycleEvent: 'missed' } }])
    isDown = false
    await graph.tenant.advance(3_600_000)
    expect(subscriber.batches.at(-1)).toMatchObject([{ lifecycleEvent: 'missed', clientState: 'our secret' }])
    expect(subscriber.batches.at(-1)?.[0]).not.toHaveProperty('resource')
    expect(graph.tenant.notifications.size).toBe(0)
  })

  test('rests while the token has lapsed, where the switch says so, and a renewal sets it going', async () => {
    graph.tenant.turnSwitches({ notificationsPauseWithToken: 'application' })
    const app = graph.asApplication()
    const made = await subscribe(app, { lifecycleNotificationUrl: subscriber.url })
    await graph.tenant.advance(3_600_000)
    const warned = await subscriber.received(1)
    expect(warned[0]).toMatchObject({ lifecycleEvent: 'reauthorizationRequired', subscriptionId: made.id })
    expect(warned[0]).not.toHaveProperty('resource')
    await app.api(`/users/${rooms.mercury}/events`).post(meeting(graph.tenant.now()))
    await graph.tenant.advance(600_000)
    expect(subscriber.batches.flat().filter(({ changeType }) => changeType)).toEqual([])
    await app.api(`/subscriptions/${made.id}`).patch({ expirationDateTime: inDays(2) })
    await graph.tenant.advance(1_000)
    expect(subscriber.batches.flat().filter(({ changeType }) => changeType)).toHaveLength(1)
  })
})

async function subscribe(
  client: Client,
  changes: object = {},
  headers: Record<string, string> = {},
): Promise<Subscription> {
  const asked = {
    changeType: 'created,updated,deleted',
    notificationUrl: subscriber.url,
    resource: `/users/${rooms.mercury}/events`,
    expirationDateTime: inDays(2),
    clientState: 'our secret',
  }
  return client
    .api('/subscriptions')
    .headers(headers)
    .post({ ...asked, ...changes })
}

async function create(changes: Event = {}): Promise<Event> {
  return graph.as(people.alice).api('/me/events').post(meeting(graph.tenant.now(), changes))
}

async function refusalOf(work: Promise<unknown>): Promise<GraphError> {
  const problem = await work.then(
    () => null,
    (cause: unknown) => cause,
  )
  if (problem instanceof GraphError) return problem
  throw new Error('It was not refused.', { cause: problem })
}

function inDays(days: number): string {
  return new Date(graph.tenant.now().getTime() + days * 86_400_000).toISOString()
}

function minutesLeft({ expirationDateTime }: Subscription): number {
  return (Date.parse(expirationDateTime ?? '') - graph.tenant.now().getTime()) / 60_000
}

function idOf(mailbox: string): string {
  return graph.tenant.findUser(mailbox)?.id ?? ''
}
