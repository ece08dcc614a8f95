import type { PageCollection } from '@microsoft/microsoft-graph-client'
import type { Event } from '@microsoft/microsoft-graph-types'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Graph, openGraph, people, rooms, type WireExchange } from '../support/graph.ts'
import { type GraphDescription, graphOpenApiPath, openGraphDescription } from '../support/graph-openapi.ts'
import { asking, hours, meeting } from '../support/meeting.ts'
import { openSubscriber } from '../support/subscriber.ts'

/**
 * Every kind of answer, held to Microsoft's own description of Graph. The other contract tests hold their answers to it as well. Without
 * the description the same answers are held to this list, so that the test never passes for nothing.
 */
const required: Record<string, string[]> = {
  event: [
    'id',
    'iCalUId',
    'changeKey',
    'subject',
    'body',
    'start',
    'end',
    'organizer',
    'attendees',
    'responseStatus',
    'showAs',
    'type',
  ],
  user: ['id', 'displayName', 'mail', 'userPrincipalName'],
  room: ['id', 'emailAddress', 'displayName', 'capacity', 'building', 'bookingType'],
  roomList: ['id', 'emailAddress', 'displayName'],
  calendar: ['id', 'name', 'owner', 'canEdit', 'isDefaultCalendar'],
  calendarPermission: ['id', 'role', 'allowedRoles', 'isRemovable', 'isInsideOrganization'],
  scheduleInformation: ['scheduleId', 'availabilityView', 'scheduleItems', 'workingHours'],
  mailboxSettings: ['timeZone', 'workingHours'],
  subscription: [
    'id',
    'resource',
    'changeType',
    'notificationUrl',
    'expirationDateTime',
    'clientState',
    'applicationId',
  ],
}

const described: GraphDescription | null = openGraphDescription()
let graph: Graph
beforeAll(async () => {
  graph = await openGraph()
  if (described !== null) return
  process.stderr.write(
    `\nNO DESCRIPTION OF GRAPH at ${graphOpenApiPath}: answers are only held to a short list of properties.\nName the OpenAPI file in ANTEROOM_GRAPH_OPENAPI to hold them to all of it.\n\n`,
  )
})
afterAll(() => graph.close())

test('every kind of answer is as Microsoft describes it', async () => {
  const bodies = await tour()
  if (described !== null) {
    refusesWhatIsNotGraph(described)
  } else {
    for (const [kind, body] of bodies)
      expect(Object.keys(body as object), kind).toEqual(expect.arrayContaining(required[kind] ?? []))
  }
  const problems = graph.exchanges.flatMap((exchange) => described?.problemsWith(exchange) ?? [])
  expect(problems).toEqual([])
  expect(new Set(bodies.map(([kind]) => kind))).toEqual(new Set(Object.keys(required)))
  expect(graph.exchanges.length).toBeGreaterThan(25)
})

/** A description that lets everything pass would prove nothing. */
function refusesWhatIsNotGraph({ problemsWith }: GraphDescription): void {
  const answer = (body: unknown): WireExchange => ({ method: 'GET', path: '/v1.0/me/events/AAMkA', status: 200, body })
  expect(problemsWith(answer({ subject: 'Fine', '@odata.etag': 'W/"x"' }))).toEqual([])
  expect(problemsWith(answer({ subject: 3 }))).not.toEqual([])
  expect(problemsWith(answer({ subjekt: 'Misspelt' }))).not.toEqual([])
  expect(problemsWith(answer({ attendees: [{ type: 'Resource' }] }))).not.toEqual([])
}

/** Uses everything once, as several callers, and names the resources that came back. */
async function tour(): Promise<[kind: string, body: unknown][]> {
  return [
    ...(await tourOfEvents()),
    ...(await tourOfCalendars()),
    ...(await tourOfPlaces()),
    ...(await tourOfChanges()),
    ...(await tourOfRefusals()),
  ]
}

async function tourOfEvents(): Promise<[string, unknown][]> {
  const now = graph.tenant.now()
  const alice = graph.as(people.alice)
  const location = { displayName: 'Mercury', locationEmailAddress: rooms.mercury }
  const created: Event = await alice
    .api('/me/events')
    .post(meeting(now, { attendees: asking(rooms.mercury, people.bob), location, transactionId: 'tour' }))
  graph.pass()
  const read = await alice.api(`/me/events/${created.id}`).header('Prefer', 'outlook.timezone="Europe/Berlin"').get()
  const patched = await alice.api(`/me/calendar/events/${created.id}`).patch({ subject: 'Tour' })
  graph.pass()
  const { value: copies }: PageCollection = await graph.as(people.bob).api('/me/events').get()
  const bob = graph.as(people.bob)
  for (const verb of ['accept', 'tentativelyAccept', 'decline'])
    await bob.api(`/me/events/${copies[0].id}/${verb}`).post({})
  const window = { startDateTime: now.toISOString(), endDateTime: new Date(now.getTime() + 9e8).toISOString() }
  const view: PageCollection = await graph
    .asApplication()
    .api(`/users/${rooms.mercury}/calendarView`)
    .query(window)
    .get()
  await alice.api(`/me/events/${created.id}/cancel`).post({ comment: 'over' })
  const short: Event = await alice.api('/me/events').post(meeting(now))
  await alice.api(`/me/events/${short.id}`).delete()
  return [created, read, patched, copies[0], view.value[0]].map((body) => ['event', body])
}

async function tourOfCalendars(): Promise<[string, unknown][]> {
  const alice = graph.as(people.alice, ['Calendars.ReadWrite', 'MailboxSettings.Read'])
  const calendar = await alice.api('/me/calendar').get()
  const calendars: PageCollection = await alice.api('/me/calendars').get()
  const permission = await alice
    .api('/me/calendar/calendarPermissions')
    .post({ emailAddress: { address: people.bob }, role: 'read' })
  const permissions: PageCollection = await alice.api('/me/calendar/calendarPermissions').get()
  await alice.api(`/me/calendar/calendarPermissions/${permission.id}`).patch({ role: 'write' })
  await alice.api(`/me/calendar/calendarPermissions/${permission.id}`).delete()
  const { start, end } = hours(graph.tenant.now(), 8, 18)
  const asked = { schedules: [rooms.mercury, people.alice], startTime: start, endTime: end }
  const schedules = await alice.api('/me/calendar/getSchedule').post(asked)
  return [
    ['calendar', calendar],
    ['calendar', calendars.value[0]],
    ['calendarPermission', permissions.value[0]],
    ['calendarPermission', permission],
    ['scheduleInformation', schedules.value[0]],
    ['mailboxSettings', await alice.api('/me/mailboxSettings').get()],
  ]
}

async function tourOfPlaces(): Promise<[string, unknown][]> {
  const app = graph.asApplication()
  const found: PageCollection = await app.api('/places/microsoft.graph.room').count(true).get()
  const lists: PageCollection = await app.api('/places/microsoft.graph.roomList').get()
  await app.api('/places/berlin-rooms@contoso.example/microsoft.graph.roomList/rooms').get()
  return [
    ['room', found.value[0]],
    ['room', await app.api(`/places/${rooms.venus}`).get()],
    ['roomList', lists.value[0]],
    ['user', await graph.as(people.alice).api('/me').get()],
    ['user', await app.api(`/users/${rooms.venus}`).get()],
  ]
}

/** Delta and subscriptions, and what a subscriber is sent. */
async function tourOfChanges(): Promise<[string, unknown][]> {
  const app = graph.asApplication()
  const subscriber = await openSubscriber()
  const expirationDateTime = new Date(graph.tenant.now().getTime() + 86_400_000).toISOString()
  const subscription = await app.api('/subscriptions').post({
    changeType: 'created,deleted',
    notificationUrl: subscriber.url,
    lifecycleNotificationUrl: subscriber.url,
    resource: `users/${people.carla}/events`,
    clientState: 'secret',
    expirationDateTime,
  })
  const renewed = await app.api(`/subscriptions/${subscription.id}`).patch({ expirationDateTime })
  await app.api('/subscriptions').get()
  await app.api(`/subscriptions/${subscription.id}/reauthorize`).post({})
  const window = `startDateTime=${graph.tenant.now().toISOString()}&endDateTime=${expirationDateTime}`
  const first: PageCollection = await app.api(`/users/${people.carla}/calendarView/delta?${window}`).get()
  const made: Event = await graph.as(people.carla).api('/me/events').post(meeting(graph.tenant.now()))
  await graph.as(people.carla).api(`/me/events/${made.id}`).delete()
  const changed: PageCollection = await app.api(first['@odata.deltaLink'] ?? '').get()
  await graph.tenant.advance(82_800_000)
  const sent = await subscriber.received(3)
  expect(described?.problemsWithType('changeNotificationCollection', { value: sent }) ?? []).toEqual([])
  expect(sent.map(({ changeType, lifecycleEvent }) => changeType ?? lifecycleEvent)).toContain(
    'reauthorizationRequired',
  )
  await app.api(`/subscriptions/${subscription.id}`).delete()
  await subscriber.close()
  expect(changed.value).toHaveLength(1)
  return [
    ['subscription', subscription],
    ['subscription', renewed],
  ]
}

async function tourOfRefusals(): Promise<[string, unknown][]> {
  const token = await graph.token(people.alice)
  await graph.call('spoilt', 'GET', '/v1.0/me')
  await graph.call(token, 'GET', `/v1.0/users/${people.bob}/events`)
  await graph.call(token, 'GET', '/v1.0/me/events/nonsense')
  await graph.call(token, 'POST', '/v1.0/me/events', { body: { subject: 'when?' } })
  await graph.call(token, 'POST', '/v1.0/$batch', { body: { requests: [{ id: '1', method: 'GET', url: '/me' }] } })
  return []
}
