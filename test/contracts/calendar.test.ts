import { GraphError, type PageCollection } from '@microsoft/microsoft-graph-client'
import type { Event, ResponseType } from '@microsoft/microsoft-graph-types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Graph, openGraph, people, rooms } from '../support/graph.ts'
import { expectDescribed } from '../support/graph-openapi.ts'
import { asking, hours, inviting, meeting } from '../support/meeting.ts'

let graph: Graph
beforeAll(async () => {
  graph = await openGraph()
})
beforeEach(() => graph.tenant.reset())
afterEach(() => expectDescribed(graph.exchanges.splice(0)))
afterAll(() => graph.close())

describe('a meeting with a room', () => {
  test('the room accepts, and the two copies differ as Exchange makes them differ', async () => {
    const created = await create(people.alice, { attendees: asking(rooms.mercury), sensitivity: 'private' })
    expect(answerOf(created, rooms.mercury)).toBe('none')
    graph.pass()
    const mine = await read(people.alice, created.id)
    const [its] = await events(rooms.mercury)
    expect(answerOf(mine, rooms.mercury)).toBe('accepted')
    expect(mine).toMatchObject({ subject: 'Standup', isOrganizer: true, showAs: 'busy', sensitivity: 'private' })
    expect(its).toMatchObject({ subject: 'Alice Meyer', isOrganizer: false, showAs: 'busy', sensitivity: 'normal' })
    expect(its).toMatchObject({ bodyPreview: '', responseStatus: { response: 'accepted' }, iCalUId: mine.iCalUId })
    expect(its?.organizer?.emailAddress?.address).toBe(people.alice)
    expect(its?.id).not.toBe(mine.id)
    expect(its?.changeKey).not.toBe(mine.changeKey)
    expect(mine.changeKey).not.toBe(created.changeKey)
  })

  test('the room declines what it is too late for, and keeps no item of it', async () => {
    const first = await create(people.alice, { attendees: asking(rooms.mercury) })
    graph.pass()
    const second = await create(people.bob, { attendees: asking(rooms.mercury) })
    graph.pass()
    expect(answerOf(await read(people.bob, second.id), rooms.mercury)).toBe('declined')
    expect(answerOf(await read(people.alice, first.id), rooms.mercury)).toBe('accepted')
    expect(await events(rooms.mercury)).toHaveLength(1)
  })

  test('of two requests on their way at the same time one wins', async () => {
    const both = await Promise.all(
      [people.alice, people.bob].map((one) => create(one, { attendees: asking(rooms.mercury) })),
    )
    graph.pass()
    const answers = [await read(people.alice, both[0]?.id), await read(people.bob, both[1]?.id)].map((one) =>
      answerOf(one, rooms.mercury),
    )
    expect(answers.toSorted()).toEqual(['accepted', 'declined'])
  })

  test('a room that asks its approver is tentative until the approver answers in its calendar', async () => {
    const created = await create(people.alice, { attendees: asking(rooms.jupiter) })
    graph.pass()
    expect(answerOf(await read(people.alice, created.id), rooms.jupiter)).toBe('tentativelyAccepted')
    const [pending] = await events(rooms.jupiter, people.carla)
    expect(pending).toMatchObject({ showAs: 'tentative', responseStatus: { response: 'tentativelyAccepted' } })
    await graph
      .as(people.carla)
      .api(`/users/${rooms.jupiter}/events/${pending?.id}/accept`)
      .post({ Comment: 'Fine', SendResponse: true })
    graph.pass()
    expect(answerOf(await read(people.alice, created.id), rooms.jupiter)).toBe('accepted')
    expect((await events(rooms.jupiter, people.carla))[0]?.showAs).toBe('busy')
  })

  test('a moved meeting is asked for again and can lose its room', async () => {
    const taken = hours(graph.tenant.now(), 14, 15)
    await create(people.bob, { ...taken, attendees: asking(rooms.mercury) })
    const mine = await create(people.alice, { attendees: asking(rooms.mercury) })
    graph.pass()
    const moved: Event = await graph.as(people.alice).api(`/me/events/${mine.id}`).patch(taken)
    expect(answerOf(moved, rooms.mercury)).toBe('none')
    graph.pass()
    expect(answerOf(await read(people.alice, mine.id), rooms.mercury)).toBe('declined')
    expect(await events(rooms.mercury)).toHaveLength(1)
  })

  test('deleting or cancelling frees the room, which keeps a cancelled item unless told otherwise', async () => {
    const alice = graph.as(people.alice)
    const deleted = await create(people.alice, { attendees: asking(rooms.mercury) })
    const cancelled = await create(people.alice, { attendees: asking(rooms.venus) })
    const policy = graph.tenant.roomPolicies.get(graph.tenant.findUser(rooms.venus)?.id ?? '')
    if (policy) graph.tenant.roomPolicies.put({ ...policy, removeCanceledMeetings: true })
    graph.pass()
    await alice.api(`/me/events/${deleted.id}`).delete()
    await alice.api(`/me/events/${cancelled.id}/cancel`).post({ comment: 'Sorry' })
    graph.pass()
    expect(await events(rooms.mercury)).toMatchObject([
      { isCancelled: true, showAs: 'free', subject: 'Canceled: Alice Meyer' },
    ])
    expect(await events(rooms.venus)).toEqual([])
    expect(await events(people.alice, people.alice)).toEqual([])
    const again = await create(people.bob, { attendees: asking(rooms.mercury) })
    graph.pass()
    expect(answerOf(await read(people.bob, again.id), rooms.mercury)).toBe('accepted')
  })

  test('an event written straight into a room has the room as organizer and asks nobody', async () => {
    await create(people.alice, { attendees: asking(rooms.mercury) })
    graph.pass()
    const direct: Event = await graph
      .as(people.service)
      .api(`/users/${rooms.mercury}/events`)
      .post(meeting(graph.tenant.now()))
    expect(direct).toMatchObject({ isOrganizer: true, organizer: { emailAddress: { address: rooms.mercury } } })
    expect(await events(rooms.mercury)).toHaveLength(2)
  })
})

describe('mail between people', () => {
  test('an invited person answers, and the organizer sees it', async () => {
    const created = await create(people.alice, { attendees: inviting(people.bob, 'guest@elsewhere.example') })
    graph.pass()
    const [copy] = await events(people.bob, people.bob)
    expect(copy).toMatchObject({ showAs: 'tentative', responseStatus: { response: 'notResponded' } })
    expect(copy).not.toHaveProperty('transactionId')
    const bob = graph.as(people.bob)
    await bob.api(`/me/events/${copy?.id}/tentativelyAccept`).post({ sendResponse: true })
    graph.pass()
    expect(answerOf(await read(people.alice, created.id), people.bob)).toBe('tentativelyAccepted')
    await bob.api(`/me/events/${copy?.id}/decline`).post({})
    graph.pass()
    expect(answerOf(await read(people.alice, created.id), people.bob)).toBe('declined')
    expect(await events(people.bob, people.bob)).toEqual([])
  })

  test('a patch of attendees alone mails only those it concerns; any other patch mails everyone', async () => {
    const created = await create(people.alice, { attendees: inviting(people.bob, people.carla) })
    graph.pass()
    const [before] = await events(people.bob, people.bob)
    const alice = graph.as(people.alice)
    await alice
      .api(`/me/events/${created.id}`)
      .patch({ attendees: [...inviting(people.bob), ...asking(rooms.mercury)] })
    graph.pass()
    expect((await events(people.bob, people.bob))[0]?.changeKey).toBe(before?.changeKey)
    expect(await events(people.carla, people.carla)).toMatchObject([{ isCancelled: true }])
    expect(answerOf(await read(people.alice, created.id), rooms.mercury)).toBe('accepted')
    await alice.api(`/me/events/${created.id}`).patch({ subject: 'Renamed' })
    graph.pass()
    expect(await events(people.bob, people.bob)).toMatchObject([{ subject: 'Renamed' }])
    expect(answerOf(await read(people.alice, created.id), rooms.mercury)).toBe('accepted')
    expect((await events(rooms.mercury))[0]?.subject).toBe('Alice Meyer')
  })
})

describe('what protects a writer', () => {
  test('a transactionId is spent once, even by an event since deleted', async () => {
    const first = await create(people.alice, { transactionId: 'tx-1' })
    expect(first.transactionId).toBe('tx-1')
    await expect(create(people.alice, { transactionId: 'tx-1' })).rejects.toMatchObject({
      statusCode: 409,
      code: 'ErrorDuplicateTransactionId',
    })
    await graph.as(people.alice).api(`/me/events/${first.id}`).delete()
    await expect(create(people.alice, { transactionId: 'tx-1' })).rejects.toBeInstanceOf(GraphError)
    expect((await create(people.bob, { transactionId: 'tx-1' })).id).toBeTruthy()
  })

  test('a stale etag changes nothing', async () => {
    const first: Event & { '@odata.etag'?: string } = await create(people.alice)
    const alice = graph.as(people.alice)
    const second: Event = await alice
      .api(`/me/events/${first.id}`)
      .header('If-Match', first['@odata.etag'] ?? '')
      .patch({ subject: 'Two' })
    const stale = alice.api(`/me/events/${first.id}`).header('If-Match', first['@odata.etag'] ?? '')
    await expect(stale.patch({ subject: 'Three' })).rejects.toMatchObject({
      statusCode: 412,
      code: 'ErrorIrresolvableConflict',
    })
    expect(await read(people.alice, first.id)).toMatchObject({ subject: 'Two', changeKey: second.changeKey })
  })

  test('bad requests are refused by name', async () => {
    const code = (error: unknown) => (error instanceof GraphError ? `${error.statusCode} ${error.code}` : String(error))
    const now = graph.tenant.now()
    const bad = (changes: object) => create(people.alice, changes).catch(code)
    expect(await bad({ strat: {} })).toBe('400 RequestBodyRead')
    expect(await bad({ start: { dateTime: '2030-01-01T10:00:00', timeZone: 'CET' } })).toBe(
      '400 TimeZoneNotSupportedException',
    )
    expect(await bad({ ...hours(now, 11, 10) })).toBe('400 ErrorCalendarEndDateIsEarlierThanStartDate')
    expect(await bad({ isAllDay: true })).toBe('400 ErrorPropertyValidationFailure')
    const invited = await create(people.alice, { attendees: inviting(people.bob) })
    graph.pass()
    const [copy] = await events(people.bob, people.bob)
    const bob = graph.as(people.bob)
    expect(await bob.api(`/me/events/${copy?.id}/cancel`).post({}).catch(code)).toBe('400 ErrorInvalidRequest')
    expect(await bob.api(`/me/events/${invited.id}`).get().catch(code)).toBe('404 ErrorItemNotFound')
    expect(await bob.api('/me/events/nonsense').get().catch(code)).toBe('400 ErrorInvalidIdMalformed')
    const proposal = { sendResponse: false, proposedNewTime: hours(now, 12, 13) }
    expect(await bob.api(`/me/events/${copy?.id}/decline`).post(proposal).catch(code)).toBe('400 ErrorInvalidRequest')
  })
})

async function create(person: string, changes: Event = {}): Promise<Event> {
  return graph.as(person).api('/me/events').post(meeting(graph.tenant.now(), changes))
}

async function read(person: string, id: string | undefined): Promise<Event> {
  return graph.as(person).api(`/me/events/${id}`).get()
}

/** A calendar's events as the application sees them, or somebody who may. */
async function events(mailbox: string, reader?: string): Promise<Event[]> {
  const client = reader === undefined ? graph.asApplication() : graph.as(reader)
  const page: PageCollection = await client.api(`/users/${mailbox}/events`).get()
  return page.value
}

function answerOf(event: Event, address: string): ResponseType | null | undefined {
  return event.attendees?.find((one) => one.emailAddress?.address === address)?.status?.response
}
