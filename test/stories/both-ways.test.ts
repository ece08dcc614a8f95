import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiToken } from '#people/api-token.contract.ts'
import type { SyncMode } from '#providers/contract.ts'
import {
  book,
  cancelReservation,
  changeReservation,
  listReservations,
  readReservation,
} from '#reservations/contract.ts'
import { listRooms } from '#rooms/contract.ts'
import { type Anteroom, startAnteroom } from '../support/anteroom.ts'
import { chooseMode } from '../support/choose-mode.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { delegatedUser } from '../support/founding-page.ts'
import { freePort } from '../support/free-port.ts'
import { callersIn, isProbe, ourCalls, ourWrites } from '../support/our-calls.ts'
import { outlookPerson } from '../support/outlook-person.ts'
import { Person } from '../support/person.ts'
import { setUpForAllModes } from '../support/set-up-for-all-modes.ts'
import { startTenant, type TestTenant } from '../support/tenant.ts'
import { until } from '../support/until.ts'
import { untilRoomsAreWatched } from '../support/watched-rooms.ts'

/*
 * The whole service over HTTP, in every mode, in both directions. The tenant's ledger judges whose permission every write was made with, and
 * that nothing was called where nothing was due.
 */
const alice = 'alice.meyer@contoso.example'
const grace = 'grace.kim@contoso.example'
const carla = 'carla.rossi@contoso.example'
const hourMs = 3_600_000

let database: TestDatabase
let tenant: TestTenant
let anteroom: Anteroom
let admin: Person
let asAlice: Person
let asGrace: Person
const roomIds = new Map<string, string>()

beforeAll(async () => {
  const port = await freePort()
  database = await freshDatabase()
  const switches = { deliveryDelayMs: 20, notificationBatchMs: 50 }
  tenant = await startTenant({ callbackBases: [`http://localhost:${port}`], switches })
  for (const policy of tenant.tenant.roomPolicies.list())
    tenant.tenant.roomPolicies.put({ ...policy, answersAfterMs: 50 })
  anteroom = await startAnteroom({ databaseUrl: database.url, tenantOrigin: tenant.origin, port })
  admin = await Person.signIn(anteroom.origin, 'ada.admin@contoso.example')
  await setUpForAllModes(admin)
  asAlice = await Person.signIn(anteroom.origin, alice)
  asGrace = await Person.signIn(anteroom.origin, grace)
  for (const person of [asAlice, asGrace]) await person.authorise()
  for (const { name, id } of (await admin.call(listRooms)).rooms) roomIds.set(name, id)
})

afterAll(async () => {
  await anteroom?.stop()
  await tenant?.close()
  await database?.drop()
})

const modes: { mode: SyncMode; writer: string; organizer: string }[] = [
  { mode: 'normal', writer: 'the application', organizer: alice },
  { mode: 'strict', writer: delegatedUser, organizer: delegatedUser },
  { mode: 'personal', writer: alice, organizer: alice },
]

describe.each(modes)('$mode', ({ mode, writer, organizer }) => {
  let beganAt: number
  beforeAll(async () => {
    await chooseMode(admin, mode)
    await untilRoomsAreWatched(database.db)
    beganAt = lastEntry()
  })

  test('reserved, changed and cancelled here: one write each, with the right permission, in the right calendar', async () => {
    const since = lastEntry()
    const { id } = await asAlice.call(book, { body: { roomId: room('Mercury'), subject: 'Planning', ...anHour() } })
    const { version } = await becomes(asAlice, id, 'confirmed')
    const later = anHour()
    const body = { version, subject: 'Planning again', ...later }
    await asAlice.call(changeReservation, { params: { id }, body })
    await until(() => eventNamed('Planning again')?.startsAt === later.startsAt, { what: 'Outlook has the change' })
    await becomes(asAlice, id, 'confirmed')
    await asAlice.call(cancelReservation, { params: { id }, body: { reason: 'Not needed.' } })
    await until(() => eventNamed('Planning again') === undefined, { what: 'Outlook has cancelled it' })
    expect(ourWrites(tenant, since)).toEqual(
      ['create', 'change', 'cancel'].map((verb) => `${verb} by ${writer} in ${organizer}`),
    )
  })

  test('made, moved and cancelled in Outlook: it is here, and nothing of ours was written', async () => {
    const since = lastEntry()
    const outlook = outlookPerson(tenant, grace)
    const first = anHour()
    const { id } = await outlook.meet({ subject: `Made in ${mode}`, room: address('Venus'), ...first })
    const made = await until(() => graceHas(first.startsAt, 'confirmed'), { what: 'it is here' })
    expect(made).toMatchObject({ source: 'outlook', requestedFor: { email: grace }, room: { name: 'Venus' } })
    expect(made.subject).toBe(mode === 'normal' ? `Made in ${mode}` : 'Meeting of Grace Kim')
    const later = anHour()
    await outlook.move(id, later)
    const moved = await until(() => graceHas(later.startsAt, 'confirmed'), { what: 'it has moved' })
    expect(moved.id).toBe(made.id)
    await outlook.cancel(id)
    const ended = await until(() => graceHas(later.startsAt, 'cancelled'), { what: 'it is cancelled' })
    expect(ended.stateReason).toMatch(/in Outlook/)
    expect(ourWrites(tenant, since)).toEqual([])
    // Nobody but the application may look into somebody's calendar without having been asked.
    expect(callersIn(tenant, grace, since)).toEqual(mode === 'normal' ? ['the application'] : [])
  })

  test('ours, renamed in Outlook by whoever organises it: the name is here', async () => {
    const since = lastEntry()
    const { id } = await asAlice.call(book, { body: { roomId: room('Mercury'), subject: 'Named here', ...anHour() } })
    await becomes(asAlice, id, 'confirmed')
    const event = await until(() => eventNamed('Named here'), { what: 'the event is there' })
    await outlookPerson(tenant, organizer).change(event.id, { subject: `Renamed in ${mode}` })
    // In personal mode only she may read her calendar: it is read when she opens the page.
    const renamed = async () => (await read(asAlice, id)).subject === `Renamed in ${mode}`
    await until(renamed, { what: 'the new name is here', timeoutMs: 30_000 })
    expect(ourWrites(tenant, since)).toEqual([`create by ${writer} in ${organizer}`])
  })

  test('the room says no: the reason and other rooms are shown', async () => {
    const policy = tenant.tenant.roomPolicies.get(tenant.tenant.findUser(address('Mars'))?.id ?? '')
    if (policy) tenant.tenant.roomPolicies.put({ ...policy, bookingWindowInDays: 1 })
    const { id } = await asAlice.call(book, { body: { roomId: room('Mars'), subject: 'Too far', ...anHour(30 * 24) } })
    const { stateReason } = await becomes(asAlice, id, 'declined')
    const { alternatives } = await asAlice.call(readReservation, { params: { id } })
    expect(stateReason).toMatch(/Mars/)
    expect(alternatives.length).toBeGreaterThan(0)
  })

  test('a room that asks its delegates: waiting, until Carla accepts in Outlook', async () => {
    const hour = anHour()
    await outlookPerson(tenant, grace).meet({ subject: 'Board', room: address('Jupiter'), ...hour })
    const waiting = await until(() => graceHas(hour.startsAt, 'awaiting_approval'), { what: 'it waits' })
    expect(waiting.externalApproval).toBe('awaiting_approval')
    const copy = copyIn('Jupiter', hour.startsAt)
    await outlookPerson(tenant, carla, address('Jupiter')).accept(copy.id)
    const confirmed = await until(() => graceHas(hour.startsAt, 'confirmed'), { what: 'it is confirmed' })
    expect(confirmed.externalApproval).toBe('accepted')
  })

  test('made in Outlook and changed here by its organizer: as the mode allows', async () => {
    const hour = anHour()
    const { id: eventId } = await outlookPerson(tenant, grace).meet({
      subject: `Edited in ${mode}`,
      room: address('Venus'),
      ...hour,
    })
    const { id, version } = await until(() => graceHas(hour.startsAt, 'confirmed'), { what: 'it is here' })
    const since = lastEntry()
    const body = { version, subject: `Changed here in ${mode}` }
    await asGrace.call(changeReservation, { params: { id }, body })
    if (mode === 'strict') {
      const proposed = await until(() => hasProposal(id), { what: 'it is proposed' })
      expect(proposed).toContain(`Changed here in ${mode}`)
      expect(ourWrites(tenant, since)).toEqual([])
      return
    }
    await until(() => tenant.tenant.events.get(eventId)?.subject === `Changed here in ${mode}`, {
      what: 'it is changed',
    })
    expect(ourWrites(tenant, since)).toEqual([`change by ${mode === 'normal' ? 'the application' : grace} in ${grace}`])
  })

  test('rooms in which nothing happened were only read, and no oftener than their schedule says', async () => {
    const sinceMs = Date.parse(ourCalls(tenant, beganAt)[0]?.at ?? '')
    for (const name of ['Saturn', 'Neptune', 'Bowery']) {
      const calls = ourCalls(tenant, beganAt).filter((call) => call.mailbox === address(name) && !isProbe(call))
      const reads = calls.filter(({ method, path }) => method === 'GET' && path.includes('/calendarView'))
      expect(calls.filter((call) => !reads.includes(call))).toEqual([])
      // Where the mode is new a room is tried (two reads) and read from the beginning, perhaps once more when its subscription is made; then
      // it is polled every minute until its notifications have proven themselves, give or take a sixth.
      expect(reads.length).toBeLessThanOrEqual(4 + (Date.now() - sinceMs) / 50_000)
    }
  })
})

test('personal, a program: the delegated mailbox organises, and nobody’s own permission is used', async () => {
  const since = lastEntry()
  const { token } = await asAlice.call(createApiToken, { body: { name: 'panel', expiresInDays: 1 } })
  const answer = await fetch(`${anteroom.origin}/api/reservations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ roomId: room('Mercury'), subject: 'By a program', ...anHour() }),
  })
  expect(answer.status).toBe(201)
  const { id } = (await answer.json()) as { id: string }
  await becomes(asAlice, id, 'confirmed')
  expect(ourWrites(tenant, since)).toEqual([`create by ${delegatedUser} in ${delegatedUser}`])
  expect(callersIn(tenant, alice, since)).toEqual([])
})

let nextHour = 24

/** An hour that is nobody else's, from tomorrow on. */
function anHour(laterHours = 0) {
  const startsAt = Math.ceil(Date.now() / hourMs) * hourMs + (nextHour++ + laterHours) * hourMs
  return { startsAt: new Date(startsAt).toISOString(), endsAt: new Date(startsAt + hourMs).toISOString() }
}

function lastEntry(): number {
  return tenant.ledger().at(-1)?.id ?? 0
}

function room(name: string): string {
  return roomIds.get(name) ?? ''
}

function address(name: string): string {
  return `${name.toLowerCase()}@contoso.example`
}

async function read(person: Person, id: string) {
  return (await person.call(readReservation, { params: { id } })).reservation
}

async function becomes(person: Person, id: string, state: string) {
  const reached = async () => {
    const reservation = await read(person, id)
    return reservation.state === state && reservation.syncState !== 'sync_enqueued' && reservation
  }
  return until(reached, { what: `the reservation is ${state}`, timeoutMs: 30_000 })
}

async function graceHas(startsAt: string, state: string) {
  const { rows } = await asGrace.call(listReservations, { query: { when: 'any', pageSize: 200 } })
  return rows.find((one) => one.startsAt === startsAt && one.state === state)
}

async function hasProposal(id: string): Promise<string | undefined> {
  return (await read(asGrace, id)).proposals[0]?.sentence
}

/** The organizer's event, while it is live. */
function eventNamed(subject: string) {
  return tenant.tenant.events.find(
    (event) => event.subject === subject && event.isOrganizer && event.deletedAt === null && !event.isCancelled,
  )
}

function copyIn(name: string, startsAt: string) {
  const mailboxId = tenant.tenant.findUser(address(name))?.id ?? ''
  const copy = tenant.tenant.events.listBy(mailboxId).find((item) => item.startsAt === startsAt)
  if (copy === undefined) throw new Error(`${name} has no copy of a meeting at ${startsAt}`)
  return copy
}
