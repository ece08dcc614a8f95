import { GraphError, type PageCollection } from '@microsoft/microsoft-graph-client'
import type {
  CalendarPermission,
  Event,
  Room,
  RoomList,
  ScheduleInformation,
  User,
} from '@microsoft/microsoft-graph-types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Graph, openGraph, people, rooms } from '../support/graph.ts'
import { expectDescribed } from '../support/graph-openapi.ts'
import { asking, hours, meeting } from '../support/meeting.ts'

let graph: Graph
beforeAll(async () => {
  graph = await openGraph()
})
beforeEach(() => graph.tenant.reset())
afterEach(() => expectDescribed(graph.exchanges.splice(0)))
afterAll(() => graph.close())

type Case = { who: string | null; grants: string[]; mailbox: string; role?: string; reads: string; writes: string }
const denied = '403 ErrorAccessDenied'
const noRight = '403 DelegatedCalendarAccessDenied'
const shared = ['Calendars.ReadWrite.Shared']

const table: Case[] = [
  { who: people.alice, grants: ['Calendars.ReadWrite'], mailbox: people.alice, reads: 'ok', writes: 'ok' },
  { who: people.alice, grants: ['Calendars.Read'], mailbox: people.alice, reads: 'ok', writes: denied },
  { who: people.alice, grants: ['User.Read'], mailbox: people.alice, reads: denied, writes: denied },
  { who: people.service, grants: ['Calendars.ReadWrite'], mailbox: rooms.mercury, reads: denied, writes: denied },
  { who: people.service, grants: shared, mailbox: rooms.mercury, reads: 'ok', writes: 'ok' },
  { who: people.service, grants: ['Calendars.Read.Shared'], mailbox: rooms.mercury, reads: 'ok', writes: denied },
  { who: people.alice, grants: shared, mailbox: rooms.mercury, reads: noRight, writes: noRight },
  { who: people.carla, grants: shared, mailbox: rooms.jupiter, reads: 'ok', writes: 'ok' },
  { who: people.alice, grants: shared, mailbox: people.bob, role: 'limitedRead', reads: 'ok', writes: denied },
  { who: people.alice, grants: shared, mailbox: people.bob, role: 'read', reads: 'ok', writes: denied },
  { who: people.alice, grants: shared, mailbox: people.bob, role: 'write', reads: 'ok', writes: 'ok' },
  { who: null, grants: ['Calendars.ReadWrite'], mailbox: people.bob, reads: 'ok', writes: 'ok' },
  { who: null, grants: ['Calendars.Read'], mailbox: people.bob, reads: 'ok', writes: denied },
  { who: null, grants: [], mailbox: people.bob, reads: denied, writes: denied },
]

describe('who reaches which calendar', () => {
  test.each(table)('$who with $grants, $role in $mailbox: reads $reads, writes $writes', async (row) => {
    const { who, grants, mailbox, role, reads, writes } = row
    if (role)
      await graph
        .as(mailbox)
        .api('/me/calendar/calendarPermissions')
        .post({ emailAddress: { address: who }, role })
    const client = who === null ? graph.asApplication(grants) : graph.as(who, grants)
    expect(await outcome(client.api(`/users/${mailbox}/events`).get())).toBe(reads)
    expect(await outcome(client.api(`/users/${mailbox}/events`).post(meeting(graph.tenant.now())))).toBe(writes)
  })

  test('an application has no /me, and nobody a mailbox that is not there', async () => {
    expect(await outcome(graph.asApplication().api('/me/events').get())).toBe('400 BadRequest')
    expect(await outcome(graph.asApplication().api('/users/nobody@contoso.example/events').get())).toBe(
      '404 ErrorInvalidUser',
    )
  })

  test('an id of one mailbox means nothing in another', async () => {
    const mine: Event = await graph.as(people.alice).api('/me/events').post(meeting(graph.tenant.now()))
    expect(await outcome(graph.asApplication().api(`/users/${people.bob}/events/${mine.id}`).get())).toBe(
      '404 ErrorItemNotFound',
    )
    expect(await outcome(graph.as(people.bob).api(`/users/${people.alice}/events/${mine.id}`).get())).toBe(
      '404 ErrorItemNotFound',
    )
  })

  test('a private meeting shows a reader only its time', async () => {
    const bob = graph.as(people.bob)
    await bob.api('/me/calendar/calendarPermissions').post({ emailAddress: { address: people.alice }, role: 'read' })
    await bob.api('/me/events').post(meeting(graph.tenant.now(), { sensitivity: 'private', subject: 'Doctor' }))
    const page: PageCollection = await graph.as(people.alice).api(`/users/${people.bob}/events`).get()
    expect(page.value).toMatchObject([{ subject: 'Private appointment', bodyPreview: '', attendees: [] }])
  })

  test('a missing, spoilt or expired token is challenged', async () => {
    const expired = await graph.token(people.alice)
    graph.pass(2 * 3_600_000)
    for (const token of ['', 'spoilt', expired]) {
      const response = await graph.call(token, 'GET', '/v1.0/me/events')
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer /)
      expect(await response.json()).toMatchObject({ error: { code: 'InvalidAuthenticationToken' } })
    }
  })

  test('the ledger says who did what in which mailbox, and how it ended', async () => {
    await outcome(graph.as(people.alice).api(`/users/${rooms.mercury}/events`).get())
    expect(graph.ledger().at(-1)).toMatchObject({
      surface: 'graph',
      method: 'GET',
      accountName: people.alice,
      tokenKind: 'delegated',
      mailbox: rooms.mercury,
      status: 403,
      errorCode: 'DelegatedCalendarAccessDenied',
    })
  })
})

describe('the rest of a tenant', () => {
  test("calendar permissions are the owner's to give and take", async () => {
    const bob = graph.as(people.bob)
    const path = '/me/calendar/calendarPermissions'
    const given: CalendarPermission = await bob
      .api(path)
      .post({ EmailAddress: { address: people.alice }, Role: 'Read' })
    expect(given).toMatchObject({
      role: 'read',
      isRemovable: true,
      isInsideOrganization: true,
      emailAddress: { name: 'Alice Meyer' },
    })
    await bob.api(`${path}/${given.id}`).patch({ role: 'write' })
    const page: PageCollection = await bob.api(path).get()
    expect(page.value.map((one: CalendarPermission) => [one.emailAddress?.name, one.role])).toEqual([
      ['My Organization', 'freeBusyRead'],
      ['Alice Meyer', 'write'],
    ])
    expect(await outcome(graph.as(people.alice).api(`/users/${people.bob}/calendar/calendarPermissions`).get())).toBe(
      '403 ErrorNotSupported',
    )
    await bob.api(`${path}/${given.id}`).delete()
    expect(await outcome(graph.as(people.alice).api(`/users/${people.bob}/events`).get())).toBe(noRight)
  })

  test('a schedule says when rooms are free, and to whom it may, of what', async () => {
    const now = graph.tenant.now()
    await graph
      .as(people.alice)
      .api('/me/events')
      .post(meeting(now, { attendees: asking(rooms.mercury) }))
    graph.pass()
    const { start, end } = hours(now, 9, 12)
    const asked = {
      Schedules: [rooms.mercury, 'none@contoso.example'],
      StartTime: start,
      EndTime: end,
      AvailabilityViewInterval: 60,
    }
    const schedule = async (person: string) => {
      const answer = await graph
        .as(person)
        .api('/me/calendar/getSchedule')
        .header('Prefer', 'outlook.timezone="Europe/Berlin"')
        .post(asked)
      return answer.value as ScheduleInformation[]
    }
    const [room, nobody] = await schedule(people.bob)
    expect(room).toMatchObject({ scheduleId: rooms.mercury, availabilityView: '020' })
    expect(room?.scheduleItems).toEqual([
      {
        status: 'busy',
        start: { ...hours(now, 10, 11).start, dateTime: expect.stringMatching(/T10:00:00\.0{7}$/) },
        end: expect.anything(),
      },
    ])
    expect(nobody?.error?.responseCode).toBe('ErrorMailRecipientNotFound')
    expect((await schedule(people.service))[0]?.scheduleItems?.[0]?.subject).toBe('Alice Meyer')
    const long = { ...asked, EndTime: { dateTime: '2099-01-01T00:00:00', timeZone: 'UTC' } }
    expect(await outcome(graph.as(people.bob).api('/me/calendar/getSchedule').post(long))).toBe(
      '400 ErrorTimeIntervalTooBig',
    )
  })

  test('places lists rooms and room lists to those with Place.Read.All', async () => {
    const app = graph.asApplication()
    const page: PageCollection = await app.api('/places/microsoft.graph.room').count(true).top(5).get()
    expect(page).toMatchObject({ '@odata.count': 12, value: { length: 5 } })
    const large: PageCollection = await app
      .api('/places/graph.room')
      .filter("capacity ge 12 and building eq 'Berlin, Spree House'")
      .get()
    expect(large.value.map((room: Room) => [room.displayName, room.capacity])).toEqual([
      ['Jupiter', 20],
      ['Saturn', 12],
    ])
    const lists: PageCollection = await app.api('/places/microsoft.graph.roomlist').get()
    expect(lists.value.map((list: RoomList) => list.emailAddress)).toEqual([
      'berlin-rooms@contoso.example',
      'newyork-rooms@contoso.example',
    ])
    const inList: PageCollection = await app
      .api('/places/berlin-rooms@contoso.example/microsoft.graph.roomlist/rooms')
      .get()
    expect(inList.value).toHaveLength(6)
    const mercury: Room = await app.api(`/places/${rooms.mercury}`).get()
    const user: User = await app.api(`/users/${rooms.mercury}`).get()
    expect(mercury).toMatchObject({ emailAddress: rooms.mercury, capacity: 6, bookingType: 'standard' })
    expect(mercury.id).not.toBe(user.id)
    expect(await outcome(graph.as(people.alice).api('/places/microsoft.graph.room').get())).toBe(denied)
  })

  test("users: oneself by User.Read, others by the directory's permissions", async () => {
    const me: User = await graph.as(people.alice).api('/me').get()
    expect(me).toMatchObject({ userPrincipalName: people.alice, displayName: 'Alice Meyer', givenName: 'Alice' })
    const part: User = await graph.asApplication().api(`/users/${people.alice}`).select('id,accountEnabled').get()
    expect(part).toMatchObject({ id: me.id, accountEnabled: true })
    expect(part).not.toHaveProperty('mail')
    expect(await outcome(graph.as(people.alice).api(`/users/${people.bob}`).get())).toBe(
      '403 Authorization_RequestDenied',
    )
    expect(await outcome(graph.asApplication().api('/users/nobody@contoso.example').get())).toBe(
      '404 Request_ResourceNotFound',
    )
    expect(await outcome(graph.as(people.alice).api('/me/revokeSignInSessions').post({}))).toBe(
      '403 Authorization_RequestDenied',
    )
    const revoked = await graph.as(people.alice, ['User.RevokeSessions.All']).api('/me/revokeSignInSessions').post({})
    expect(revoked.value).toBe(true)
    expect(graph.tenant.findUser(people.alice)?.signInSessionsValidFrom).not.toBeNull()
  })

  test('each mailbox has one calendar, with settings beside it', async () => {
    const alice = graph.as(people.alice, ['Calendars.Read', 'MailboxSettings.Read'])
    const page: PageCollection = await alice.api('/me/calendars').get()
    expect(page.value).toMatchObject([{ isDefaultCalendar: true, canEdit: false, owner: { address: people.alice } }])
    expect((await alice.api(`/me/calendars/${page.value[0].id}/events`).get()).value).toEqual([])
    expect(await outcome(graph.as(people.bob).api(`/me/calendars/${page.value[0].id}/events`).get())).toBe(
      '404 ErrorItemNotFound',
    )
    expect(await alice.api('/me/mailboxSettings').get()).toMatchObject({ timeZone: 'Europe/Berlin' })
  })
})

async function outcome(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'ok'
  } catch (error) {
    if (error instanceof GraphError) return `${error.statusCode} ${error.code}`
    throw error
  }
}
