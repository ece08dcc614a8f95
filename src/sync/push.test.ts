import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import { book } from '#reservations/book.ts'
import { cancel } from '#reservations/cancel.ts'
import { change } from '#reservations/change.ts'
import type { ReservationState } from '#reservations/contract.ts'
import { readOne } from '#reservations/list.ts'
import { continueDrafts, submit } from '#reservations/submit.ts'
import { createEvent, respondToEvent } from '../../emulator/exchange/mailbox.ts'
import type { EventItem } from '../../emulator/model.ts'
import { type Desk, openDesk } from '../../test/support/desk.ts'
import { until } from '../../test/support/until.ts'

let desk: Desk
let alice: Actor
beforeAll(async () => {
  desk = await openDesk()
  alice = await desk.person('alice.meyer')
})
afterAll(() => desk.close())

const hourMs = 3_600_000
let nextHour = 24

/** An hour of its own for every test. */
function anHour() {
  const startsAt = new Date(Math.ceil(Date.now() / hourMs) * hourMs + nextHour++ * hourMs)
  return { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + hourMs).toISOString() }
}

function wish(subject: string, room = 'Mercury') {
  return { roomId: desk.room(room), subject, notes: '', isPrivate: false, invitees: [], ...anHour() }
}

async function read(id: string) {
  return readOne(desk.reservations, alice, id)
}

async function becomes(id: string, state: ReservationState) {
  return until(
    async () => {
      const answer = await read(id)
      return answer.reservation.state === state && answer
    },
    { what: `the reservation is ${state}` },
  )
}

/** What is in Alice's calendar under this subject, deleted or not. */
function events(subject: string): EventItem[] {
  const mailbox = desk.tenant.tenant.findUser(alice.email)?.id ?? ''
  return desk.tenant.tenant.events.listBy(mailbox).filter((item) => item.subject === subject)
}

test('a reservation is one event in the person’s own calendar, written with their own token, and the room accepts', async () => {
  const invitees = [{ email: 'bob.tanaka@contoso.example', displayName: 'Bob' }]
  const asked = { ...wish('Planning'), notes: 'Bring <numbers>', isPrivate: true, invitees }
  const booked = await book(desk.reservations, alice, asked)
  expect(booked).toMatchObject({ state: 'awaiting_confirmation', inOutlook: false, mayChange: true })
  const { reservation, history } = await becomes(booked.id, 'confirmed')
  expect(reservation).toMatchObject({ inOutlook: true, stateReason: null })
  expect(history.map(({ kind }) => kind)).toEqual(['room_accepted', 'event_created', 'requested'])
  expect(history[1]).toMatchObject({ identity: alice.email, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
  const [event] = events('Planning')
  expect(event).toMatchObject({
    startsAt: asked.startsAt,
    originalStartTimeZone: 'Europe/Berlin',
    sensitivity: 'private',
  })
  expect(event?.body.content).toContain('Bring &lt;numbers&gt;')
  expect(event?.attendees.map(({ type, emailAddress }) => `${type} ${emailAddress.address}`)).toEqual([
    'resource mercury@contoso.example',
    'required bob.tanaka@contoso.example',
  ])
  const writes = desk.tenant.ledger().filter(({ method, status }) => method === 'POST' && status === 201)
  expect(writes.at(-1)).toMatchObject({ accountName: alice.email, mailbox: alice.email, tokenKind: 'delegated' })
})

test('a room that Outlook has given away declines: the reservation says so and names what is free', async () => {
  const asked = wish('Too late', 'Venus')
  takeInOutlook('venus@contoso.example', asked)
  takeInOutlook('mars@contoso.example', asked)
  const booked = await book(desk.reservations, alice, asked)
  const { reservation, history, alternatives } = await becomes(booked.id, 'declined')
  expect(history[0]?.sentence).toMatch(/^Venus declined: it is taken in Outlook from \d\d:00 to \d\d:00\.$/)
  expect(reservation.stateReason).toContain('Free then: Neptune, Mercury, Saturn.')
  expect(alternatives.map(({ name }) => name)).toEqual(['Neptune', 'Mercury', 'Saturn'])
  // The room is nobody's here, and the meeting is still the person's to cancel.
  expect(reservation.mayChange).toBe(true)
  await cancel(desk.reservations, alice, { id: booked.id, reason: '' })
  await until(() => events('Too late')[0]?.deletedAt, { what: 'the event is gone' })
})

test('a room that needs approval waits, and is confirmed when its delegate accepts', async () => {
  const booked = await book(desk.reservations, alice, wish('Board', 'Jupiter'))
  const { reservation } = await becomes(booked.id, 'awaiting_approval')
  expect(reservation.stateReason).toContain('people who look after it')
  answerInOutlook('jupiter@contoso.example', booked.startsAt)
  await becomes(booked.id, 'confirmed')
})

test('an answer that was lost on the way makes one event and not two', async () => {
  await fault({ match: 'POST /v1.0/me/events', dropAfter: true })
  const booked = await book(desk.reservations, alice, wish('Lost answer', 'Mars'))
  const { history } = await becomes(booked.id, 'confirmed')
  expect(history.map(({ kind }) => kind)).toEqual(['room_accepted', 'event_created', 'retry', 'requested'])
  expect(history[1]?.details).toMatchObject({ how: 'found_again' })
  expect(events('Lost answer')).toHaveLength(1)
})

test('when Microsoft asks to slow down, nothing is sent before the time it named', async () => {
  await fault({
    match: 'POST /v1.0/me/events',
    status: 429,
    headers: { 'retry-after': '1.5' },
    body: problem('TooManyRequests'),
  })
  const before = desk.tenant.ledger().at(-1)?.id ?? 0
  const booked = await book(desk.reservations, alice, wish('Slowly', 'Mars'))
  await becomes(booked.id, 'confirmed')
  const creates = desk.tenant.ledger(before).filter(({ method, path }) => method === 'POST' && path.endsWith('/events'))
  expect(creates.map(({ status }) => status)).toEqual([429, 201])
  expect(Date.parse(creates[1]?.at ?? '') - Date.parse(creates[0]?.at ?? '')).toBeGreaterThanOrEqual(1_500)
})

test('what Microsoft refuses for good fails with a reason, and submitting it again works', async () => {
  await fault({ match: 'POST /v1.0/me/events', status: 403, body: problem('ErrorAccessDenied') })
  const booked = await book(desk.reservations, alice, wish('Refused', 'Mars'))
  const { reservation } = await becomes(booked.id, 'failed')
  expect(reservation.stateReason).toContain('does not allow')
  await submit(desk.reservations, alice, booked.id)
  await becomes(booked.id, 'confirmed')
  expect(events('Refused')).toHaveLength(1)
})

test('a new time asks the room again, other changes do not, and what was changed in Outlook stays', async () => {
  const booked = await book(desk.reservations, alice, wish('Moving', 'Saturn'))
  const { reservation } = await becomes(booked.id, 'confirmed')
  const [event] = events('Moving')
  if (event) desk.tenant.tenant.events.put({ ...event, body: { contentType: 'html', content: '<p>Teams link</p>' } })
  const input = { version: reservation.version, subject: 'Moved', ...anHour() }
  const changed = await change(desk.reservations, alice, { id: booked.id, input })
  expect(changed).toMatchObject({ state: 'awaiting_confirmation', version: 2 })
  const { history } = await becomes(booked.id, 'confirmed')
  expect(history.map(({ kind }) => kind).slice(0, 3)).toEqual(['room_accepted', 'event_changed', 'changed'])
  expect(events('Moved')[0]).toMatchObject({ startsAt: input.startsAt, body: { content: '<p>Teams link</p>' } })
  await change(desk.reservations, alice, { id: booked.id, input: { version: 2, notes: 'Agenda' } })
  const body = await until(
    () => events('Moved')[0]?.body.content.includes('Agenda') && events('Moved')[0]?.body.content,
    {
      what: 'the notes are in the event',
    },
  )
  expect(body).toContain('<p>Teams link</p>')
  expect((await read(booked.id)).reservation.state).toBe('confirmed')
})

test('cancelling frees the room here at once and cancels the meeting there', async () => {
  const asked = wish('Not needed', 'Saturn')
  const booked = await book(desk.reservations, alice, asked)
  await becomes(booked.id, 'confirmed')
  const cancelled = await cancel(desk.reservations, alice, { id: booked.id, reason: 'Ill' })
  expect(cancelled).toMatchObject({
    state: 'cancelled',
    stateReason: 'Alice Meyer cancelled it: Ill',
    mayChange: false,
  })
  const again = await book(desk.reservations, alice, { ...asked, subject: 'Needed after all' })
  await becomes(again.id, 'confirmed')
  expect(events('Not needed')[0]).toMatchObject({ isCancelled: true })
  const { reservation, history } = await read(booked.id)
  expect(reservation.inOutlook).toBe(false)
  expect(history[0]).toMatchObject({ kind: 'event_cancelled', identity: alice.email })
})

test('a meeting that was deleted in Outlook cancels its reservation with that reason', async () => {
  const booked = await book(desk.reservations, alice, wish('Deleted there', 'Jupiter'))
  await becomes(booked.id, 'awaiting_approval')
  const [event] = events('Deleted there')
  if (event) desk.tenant.tenant.events.put({ ...event, deletedAt: new Date().toISOString() })
  const { reservation } = await becomes(booked.id, 'cancelled')
  expect(reservation.stateReason).toContain('deleted in Outlook')
})

test('a draft goes on by itself once the permission is there', async () => {
  desk.withdraw(alice)
  const booked = await book(desk.reservations, alice, wish('Kept', 'Neptune'))
  expect(booked).toMatchObject({ state: 'draft', permissionNeeded: { say: expect.stringContaining('Allow') } })
  desk.give(alice)
  await continueDrafts(desk.reservations, alice.userId)
  const { reservation } = await becomes(booked.id, 'confirmed')
  expect(reservation.permissionNeeded).toBeNull()
})

test('a permission that is lost after the reservation was taken keeps the room, and it goes on after the next sign-in', async () => {
  await fault({ match: 'POST /v1.0/me/events', status: 401, body: problem('InvalidAuthenticationToken') })
  const booked = await book(desk.reservations, alice, wish('Lost permission', 'Neptune'))
  const waiting = await until(
    async () => {
      const { reservation } = await read(booked.id)
      return reservation.permissionNeeded && reservation
    },
    { what: 'it says that a permission is needed' },
  )
  expect(waiting.state).toBe('awaiting_confirmation')
  await continueDrafts(desk.reservations, alice.userId)
  const { reservation } = await becomes(booked.id, 'confirmed')
  expect(reservation.permissionNeeded).toBeNull()
})

function problem(code: string) {
  return { error: { code, message: 'for the test' } }
}

async function fault(choice: object): Promise<void> {
  const answer = await desk.tenant.control('POST', '/faults', { times: 1, ...choice })
  expect(answer.status).toBeLessThan(300)
}

/** Grace books the room in Outlook, past Anteroom, and it has accepted. */
function takeInOutlook(mailbox: string, { startsAt, endsAt }: { startsAt: string; endsAt: string }): void {
  const { tenant } = desk.tenant
  const grace = tenant.findUser('grace.kim@contoso.example')
  const room = tenant.findUser(mailbox)
  if (!grace || !room) throw new Error('the demo data changed')
  const attendees = [{ emailAddress: { name: room.displayName, address: mailbox }, type: 'resource' as const }]
  createEvent(tenant, grace, { subject: 'Grace was first', startsAt, endsAt, attendees })
  tenant.clock.advance(5_000)
}

/** A delegate of the room answers the request that waits in its calendar. */
function answerInOutlook(mailbox: string, startsAt: string): void {
  const { tenant } = desk.tenant
  const room = tenant.findUser(mailbox)
  const item = tenant.events.listBy(room?.id ?? '').find((one) => one.startsAt === startsAt && one.deletedAt === null)
  if (!item) throw new Error(`nothing waits in ${mailbox} at ${startsAt}`)
  respondToEvent(tenant, item, 'accepted', true)
}
