import { GraphError } from '@microsoft/microsoft-graph-client'
import type { ScheduleInformation } from '@microsoft/microsoft-graph-types'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { CalendarRole } from '../../emulator/model.ts'
import { type Graph, openGraph, people, rooms } from '../support/graph.ts'
import { expectDescribed } from '../support/graph-openapi.ts'
import { hours, meeting } from '../support/meeting.ts'

const twoDays = 2 * 86_400_000
const applicationApp = 'a9ad7f7d-4618-5e0b-8855-9589ea44b233'

let graph: Graph
beforeAll(async () => {
  graph = await openGraph()
})
beforeEach(() => graph.tenant.reset())
afterEach(() => expectDescribed(graph.exchanges.splice(0)))
afterAll(() => graph.close())

describe('rights on a calendar', () => {
  test.each<[CalendarRole, string, string, string]>([
    ['none', '403 DelegatedCalendarAccessDenied', '403 DelegatedCalendarAccessDenied', 'ErrorNoFreeBusyAccess'],
    ['freeBusyRead', '403 DelegatedCalendarAccessDenied', '403 DelegatedCalendarAccessDenied', 'busy'],
    ['limitedRead', 'ok', '403 ErrorAccessDenied', 'Doctor'],
    ['read', 'ok', '403 ErrorAccessDenied', 'Doctor'],
    ['write', 'ok', 'ok', 'Doctor'],
  ])('%s: reads %s, writes %s, schedule %s', async (role, reads, writes, schedule) => {
    await graph
      .as(people.bob)
      .api('/me/events')
      .post(meeting(graph.tenant.now(), { subject: 'Doctor' }))
    await give(people.bob, people.alice, { role })
    const alice = graph.as(people.alice)
    expect(await outcome(alice.api(`/users/${people.bob}/events`).get())).toBe(reads)
    expect(await scheduled(people.alice, people.bob)).toBe(schedule)
    expect(await outcome(alice.api(`/users/${people.bob}/events`).post(meeting(graph.tenant.now())))).toBe(writes)
  })

  test('show at once and work after two days, where the switch says so', async () => {
    graph.tenant.turnSwitches({ permissionDelayMs: twoDays })
    const path = '/me/calendar/calendarPermissions'
    await graph
      .as(people.bob)
      .api(path)
      .post({ emailAddress: { address: people.alice }, role: 'write' })
    expect((await graph.as(people.bob).api(path).get()).value).toMatchObject([{}, { role: 'write' }])
    const read = () => outcome(graph.as(people.alice).api(`/users/${people.bob}/events`).get())
    expect(await read()).toBe('403 DelegatedCalendarAccessDenied')
    graph.pass(twoDays)
    expect(await read()).toBe('ok')
  })

  test('are given now or later by hand, the right before counting until then', async () => {
    const write = () =>
      outcome(graph.as(people.alice).api(`/users/${people.bob}/events`).post(meeting(graph.tenant.now())))
    await give(people.bob, people.alice, { role: 'write' })
    await give(people.bob, people.alice, { role: 'read', effectiveInMs: 60_000 })
    expect(await write()).toBe('ok')
    graph.pass(60_000)
    expect(await write()).toBe('403 ErrorAccessDenied')
  })
})

describe('an application limited to some mailboxes', () => {
  test('meets 403 in all others: events, schedules, delta and subscriptions', async () => {
    await scope({ mailboxes: [rooms.mercury] })
    const window = 'startDateTime=2030-01-01&endDateTime=2030-01-02'
    const reach = async (mailbox: string) => [
      await outcome(graph.asApplication().api(`/users/${mailbox}/events`).get()),
      await outcome(graph.asApplication().api(`/users/${mailbox}/calendarView/delta?${window}`).get()),
      await outcome(graph.asApplication().api(`/users/${mailbox}/calendar/getSchedule`).post(question(rooms.venus))),
    ]
    expect(await reach(rooms.mercury)).toEqual(['ok', 'ok', 'ok'])
    expect(await reach(rooms.venus)).toEqual(Array(3).fill('403 ErrorAccessDenied'))
    const subscription = {
      changeType: 'created',
      notificationUrl: 'https://anteroom.example/n',
      expirationDateTime: graph.tenant.now(),
    }
    const asked = graph
      .asApplication()
      .api('/subscriptions')
      .post({ ...subscription, resource: `users/${rooms.venus}/events` })
    expect(await outcome(asked)).toBe('403 ErrorAccessDenied')
    expect(await outcome(graph.as(people.service).api(`/users/${rooms.venus}/events`).get())).toBe('ok')
    await scope({ mailboxes: null })
    expect(await reach(rooms.venus)).toEqual(['ok', 'ok', 'ok'])
  })

  test('notices it only after a while', async () => {
    graph.tenant.turnSwitches({ appScopeDelayMs: 7_200_000 })
    await scope({ mailboxes: [rooms.mercury] })
    const read = () => outcome(graph.asApplication().api(`/users/${rooms.venus}/events`).get())
    expect(await read()).toBe('ok')
    graph.pass(7_200_000)
    expect(await read()).toBe('403 ErrorAccessDenied')
  })

  test('sees every schedule in the tenant from a mailbox it may touch', async () => {
    await graph
      .as(people.bob)
      .api('/me/events')
      .post(meeting(graph.tenant.now(), { subject: 'Doctor' }))
    const answer = await graph
      .asApplication()
      .api(`/users/${rooms.mercury}/calendar/getSchedule`)
      .post(question(people.bob))
    expect((answer.value as ScheduleInformation[])[0]?.scheduleItems).toMatchObject([{ subject: 'Doctor' }])
  })
})

async function give(
  mailbox: string,
  grantee: string,
  grant: { role: CalendarRole; effectiveInMs?: number },
): Promise<void> {
  await control('PUT', `/mailboxes/${mailbox}/permissions/${grantee}`, grant)
}

async function scope(body: { mailboxes: string[] | null }): Promise<void> {
  await control('PUT', `/apps/${applicationApp}/mailboxes`, body)
}

async function control(method: string, path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${graph.origin}/_tenant${path}`, { method, body: JSON.stringify(body) })
  expect(answer.status).toBe(200)
}

function question(address: string) {
  const { start, end } = hours(graph.tenant.now(), 8, 18)
  return { schedules: [address], startTime: start, endTime: end }
}

/** What a person learns of somebody's one appointment: its subject, else that it is there, else why nothing. */
async function scheduled(who: string, address: string): Promise<string | undefined> {
  const answer = await graph.as(who).api('/me/calendar/getSchedule').post(question(address))
  const [one] = answer.value as ScheduleInformation[]
  return one?.error?.responseCode ?? one?.scheduleItems?.[0]?.subject ?? one?.scheduleItems?.[0]?.status ?? undefined
}

async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'ok',
    (problem: unknown) => (problem instanceof GraphError ? `${problem.statusCode} ${problem.code}` : String(problem)),
  )
}
