import { afterEach, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import { approve, reject } from '#reservations/approve.ts'
import { book } from '#reservations/book.ts'
import { cancel } from '#reservations/cancel.ts'
import { change } from '#reservations/change.ts'
import type { ReservationState } from '#reservations/contract.ts'
import { readOne } from '#reservations/list.ts'
import type { EventItem } from '../../emulator/model.ts'
import { type Desk, delegatedUser, openDesk } from '../../test/support/desk.ts'
import { until } from '../../test/support/until.ts'

let desk: Desk
afterEach(() => desk?.close())

const hourMs = 3_600_000
let nextHour = 24

function wish(subject: string, more: object = {}) {
  const startsAt = new Date(Math.ceil(Date.now() / hourMs) * hourMs + nextHour++ * hourMs)
  const times = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + hourMs).toISOString() }
  return { roomId: desk.room('Mercury'), subject, notes: '', isPrivate: false, invitees: [], ...times, ...more }
}

async function becomes(actor: Actor, id: string, state: ReservationState) {
  const reached = async () => {
    const answer = await readOne(desk.reservations, actor, id)
    return answer.reservation.state === state && answer
  }
  return until(reached, { what: `the reservation is ${state}` })
}

function eventsOf(address: string, subject: string): EventItem[] {
  const { tenant } = desk.tenant
  return tenant.events.listBy(tenant.findUser(address)?.id ?? '').filter((item) => item.subject === subject)
}

/** Every write at Microsoft: with whose permission, in whose mailbox. */
function writes() {
  const found = desk.tenant.ledger().filter(({ method, path }) => method !== 'GET' && !path.endsWith('/getSchedule'))
  return [...new Set(found.map(({ tokenKind, accountName, mailbox }) => `${accountName ?? tokenKind} in ${mailbox}`))]
}

test('normal: the application writes in the calendar of whoever it is for, also for somebody else', async () => {
  desk = await openDesk({ mode: 'normal' })
  const alice = await desk.person('alice.meyer')
  const bob = await desk.person('bob.tanaka')
  const booked = await book(desk.reservations, alice, { ...wish('For Bob'), requestedForId: bob.userId })
  expect(booked).toMatchObject({ requestedFor: { displayName: 'Bob Tanaka' }, organizer: 'person' })
  const { reservation, history } = await becomes(bob, booked.id, 'confirmed')
  expect(history.find(({ kind }) => kind === 'event_created')).toMatchObject({ identity: 'the application' })
  await change(desk.reservations, alice, {
    id: booked.id,
    input: { version: reservation.version, subject: 'Still Bob' },
  })
  await until(() => eventsOf(bob.email, 'Still Bob').length === 1, { what: 'the event is renamed' })
  await cancel(desk.reservations, bob, { id: booked.id, reason: '' })
  await until(() => eventsOf(bob.email, 'Still Bob')[0]?.deletedAt, { what: 'the event is gone' })
  expect(writes()).toEqual([`application in ${bob.email}`])
})

test('strict: one mailbox organises, whoever it is for is invited, and nobody’s own permission is used', async () => {
  desk = await openDesk({ mode: 'strict' })
  const alice = await desk.person('alice.meyer')
  desk.withdraw(alice)
  const invitees = [{ email: 'bob.tanaka@contoso.example', displayName: 'Bob' }]
  const booked = await book(desk.reservations, alice, { ...wish('Board'), invitees })
  expect(booked).toMatchObject({ state: 'awaiting_confirmation', organizer: 'delegated_mailbox' })
  await becomes(alice, booked.id, 'confirmed')
  const [event] = eventsOf(delegatedUser, 'Board')
  expect(event?.attendees.map(({ emailAddress }) => emailAddress.address)).toEqual([
    'mercury@contoso.example',
    alice.email,
    'bob.tanaka@contoso.example',
  ])
  const { reservation } = await readOne(desk.reservations, alice, booked.id)
  await change(desk.reservations, alice, {
    id: booked.id,
    input: { version: reservation.version, ...later(reservation) },
  })
  await becomes(alice, booked.id, 'confirmed')
  expect(writes()).toEqual([`${delegatedUser} in ${delegatedUser}`])
})

test('a meeting that the delegated mailbox organises stays there when the mode becomes normal, and no copy of it is written', async () => {
  desk = await openDesk({ mode: 'strict', applicationWatches: true })
  const alice = await desk.person('alice.meyer')
  const booked = await book(desk.reservations, alice, wish('Moved later'))
  const { reservation } = await becomes(alice, booked.id, 'confirmed')
  await desk.database.db.updateTable('calendar_providers').set({ mode: 'normal' }).execute()
  const moved = later(reservation)
  await change(desk.reservations, alice, { id: booked.id, input: { version: reservation.version, ...moved } })
  await until(() => eventsOf(delegatedUser, 'Moved later')[0]?.startsAt === moved.startsAt, {
    what: 'the event is moved',
  })
  await becomes(alice, booked.id, 'confirmed')
  expect(writes()).toEqual([`${delegatedUser} in ${delegatedUser}`, `application in ${delegatedUser}`])
})

test('what is only a copy of somebody else’s meeting is not written, and that is said', async () => {
  desk = await openDesk({ mode: 'strict', applicationWatches: true })
  const alice = await desk.person('alice.meyer')
  const booked = await book(desk.reservations, alice, wish('Not hers'))
  const { reservation } = await becomes(alice, booked.id, 'confirmed')
  const { db } = desk.database
  await db.updateTable('calendar_providers').set({ mode: 'normal' }).execute()
  await db.updateTable('event_links').set({ mailbox: alice.email }).where('reservation_id', '=', booked.id).execute()
  const input = { version: reservation.version, ...later(reservation) }
  await change(desk.reservations, alice, { id: booked.id, input })
  const refused = async () =>
    db.selectFrom('sync_events').selectAll().where('last_error_code', '=', 'sync.only_a_copy').executeTakeFirst()
  const event = await until(refused, { what: 'the change is refused' })
  expect(event.last_error_say).toContain('has to be changed there, in Outlook')
  expect(eventsOf(alice.email, 'Not hers').map(({ startsAt }) => startsAt)).toEqual([reservation.startsAt])
})

function later({ startsAt, endsAt }: { startsAt: string; endsAt: string }) {
  const moved = (at: string) => new Date(Date.parse(at) + 12 * hourMs).toISOString()
  return { startsAt: moved(startsAt), endsAt: moved(endsAt) }
}

test('personal: programs reserve in the delegated mailbox, a person at a screen in their own, nobody for somebody else', async () => {
  desk = await openDesk({ mode: 'personal' })
  const alice = await desk.person('alice.meyer')
  const program: Actor = { ...alice, via: 'api_token', sessionId: null }
  const byProgram = await book(desk.reservations, program, wish('By a program'))
  const byHerself = await book(desk.reservations, alice, wish('By herself'))
  await becomes(alice, byProgram.id, 'confirmed')
  await becomes(alice, byHerself.id, 'confirmed')
  expect(new Set(writes())).toEqual(
    new Set([`${delegatedUser} in ${delegatedUser}`, `${alice.email} in ${alice.email}`]),
  )
  const bob = await desk.person('bob.tanaka')
  const forBob = book(desk.reservations, alice, { ...wish('For Bob'), requestedForId: bob.userId })
  await expect(forBob).rejects.toMatchObject({ code: 'reservations.not_allowed_in_mode' })
  const cancelling = cancel(desk.reservations, program, { id: byHerself.id, reason: '' })
  await expect(cancelling).rejects.toMatchObject({
    code: 'reservations.not_allowed_in_mode',
    message: expect.stringContaining('Change it in the portal'),
  })
})

test('a change that was queued is not sent with an identity that today’s mode does not name', async () => {
  desk = await openDesk({ mode: 'personal' })
  const alice = await desk.person('alice.meyer')
  const booked = await book(desk.reservations, alice, wish('Before'))
  const { reservation } = await becomes(alice, booked.id, 'confirmed')
  const asleep = { ...desk.reservations, wake: async () => undefined }
  await change(asleep, alice, { id: booked.id, input: { version: reservation.version, subject: 'After' } })
  await desk.database.db.updateTable('calendar_providers').set({ mode: 'strict' }).execute()
  const seen = writes()
  await desk.reservations.wake(desk.database.db, desk.room('Mercury'))
  const { history } = await until(
    async () => {
      const answer = await readOne(desk.reservations, alice, booked.id)
      return answer.reservation.syncState === 'failed' && answer
    },
    { what: 'the change is refused' },
  )
  expect(history[0]).toMatchObject({
    kind: 'failed',
    sentence: expect.stringContaining('in strict mode Anteroom does not write there'),
  })
  expect(writes()).toEqual(seen)
  expect(eventsOf(alice.email, 'Before')).toHaveLength(1)
})

test('our own approval and the room’s answer are both needed; a rejection frees the room and leaves the meeting', async () => {
  desk = await openDesk({ mode: 'personal' })
  await desk.database.db.updateTable('rooms').set({ own_approval: true }).execute()
  const alice = await desk.person('alice.meyer')
  const carla: Actor = { ...(await desk.person('carla.rossi')), roles: new Set(['employee', 'approver']) }
  const first = await book(desk.reservations, alice, wish('Approved'))
  const waiting = await becomes(alice, first.id, 'awaiting_approval')
  expect(waiting.reservation).toMatchObject({ approval: 'awaiting_approval', mayApprove: false })
  expect(await approve(desk.reservations, carla, { id: first.id, comment: '' })).toMatchObject({ state: 'confirmed' })
  const second = await book(desk.reservations, alice, wish('Rejected'))
  await becomes(alice, second.id, 'awaiting_approval')
  const rejected = await reject(desk.reservations, carla, { id: second.id, comment: 'Painters are in.' })
  expect(rejected).toMatchObject({ state: 'rejected', stateReason: expect.stringContaining('Painters are in.') })
  await until(() => roomStatus(alice.email, 'Rejected') === 'declined', { what: 'the room declined' })
  expect(eventsOf(alice.email, 'Rejected')[0]).toMatchObject({ deletedAt: null, isCancelled: false })
  const release = desk.tenant.ledger().find(({ path }) => path.endsWith('/decline'))
  expect(release).toMatchObject({ accountName: delegatedUser, mailbox: 'mercury@contoso.example', status: 202 })
  expect((await readOne(desk.reservations, alice, second.id)).reservation.state).toBe('rejected')
})

function roomStatus(organizer: string, subject: string): string | undefined {
  const [event] = eventsOf(organizer, subject)
  return event?.attendees.find(({ type }) => type === 'resource')?.status.response
}

test('No request: what would be sent is worked out, shown against what is in Outlook, and not sent', async () => {
  desk = await openDesk({ mode: 'normal' })
  const alice = await desk.person('alice.meyer')
  const booked = await book(desk.reservations, alice, wish('As it is'))
  const { reservation } = await becomes(alice, booked.id, 'confirmed')
  await desk.database.db.updateTable('sync_configurations').set({ no_request: true }).execute()
  const seen = writes().length
  const count = desk.tenant.ledger().length
  await change(desk.reservations, alice, {
    id: booked.id,
    input: { version: reservation.version, subject: 'As it would be' },
  })
  const event = await until(
    async () => {
      const query = desk.database.db.selectFrom('sync_events').selectAll().where('reservation_id', '=', booked.id)
      return (await query.where('sub_state', '=', 'no_request').execute())[0]
    },
    { what: 'the sync event is there' },
  )
  expect(event).toMatchObject({
    state: 'processed',
    provider_payload: { subject: 'As it would be' },
    difference: { subject: { now: 'As it is', next: 'As it would be' } },
    identity: 'the application',
  })
  expect(writes()).toHaveLength(seen)
  expect(
    desk.tenant
      .ledger()
      .slice(count)
      .every(({ method }) => method === 'GET'),
  ).toBe(true)
  expect(eventsOf(alice.email, 'As it is')).toHaveLength(1)
})
