import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import { book } from '#reservations/book.ts'
import { cancel } from '#reservations/cancel.ts'
import { change } from '#reservations/change.ts'
import type { ReservationState } from '#reservations/contract.ts'
import type { ReservationsDeps } from '#reservations/deps.ts'
import { readOne } from '#reservations/list.ts'
import { continueDrafts } from '#reservations/submit.ts'
import type { EventItem } from '../../emulator/model.ts'
import { type Desk, openDesk } from '../../test/support/desk.ts'
import { until } from '../../test/support/until.ts'
import { workLane } from './lane.ts'
import { sweep } from './sweep.ts'

let desk: Desk
let alice: Actor
let bob: Actor
/** A service that was killed right after the commit: nobody is told that there is work. */
let killedEarly: ReservationsDeps
beforeAll(async () => {
  desk = await openDesk({ switches: { serviceTimeMs: 40 }, sweeps: false })
  alice = await desk.person('alice.meyer')
  bob = await desk.person('bob.tanaka')
  killedEarly = { ...desk.reservations, wake: async () => undefined }
})
afterAll(() => desk.close())

const hourMs = 3_600_000
let nextHour = 24

function wish(subject: string, room = 'Mercury') {
  const startsAt = new Date(Math.ceil(Date.now() / hourMs) * hourMs + nextHour++ * hourMs)
  const times = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + hourMs).toISOString() }
  return { roomId: desk.room(room), subject, notes: '', isPrivate: false, invitees: [], ...times }
}

async function becomes(actor: Actor, id: string, state: ReservationState) {
  const reached = async () => {
    const { reservation } = await readOne(desk.reservations, actor, id)
    return reservation.state === state && reservation
  }
  return until(reached, { what: `the reservation is ${state}`, timeoutMs: 20_000 })
}

function events(actor: Actor, subject: string): EventItem[] {
  const { tenant } = desk.tenant
  return tenant.events.listBy(tenant.findUser(actor.email)?.id ?? '').filter((item) => item.subject === subject)
}

const lastEntry = () => desk.tenant.ledger().at(-1)?.id ?? 0

test('what was committed before a crash is found by the sweep', async () => {
  const booked = await book(killedEarly, alice, wish('Swept up'))
  expect(await sweep(desk.sync)).toMatchObject({ lanes: 1 })
  await becomes(alice, booked.id, 'confirmed')
  expect(events(alice, 'Swept up')).toHaveLength(1)
})

test('five who drain one lane at once make each event once', async () => {
  const wishes = ['One', 'Two', 'Three'].map((subject) => wish(subject, 'Venus'))
  for (const one of wishes) await book(killedEarly, alice, one)
  await Promise.all(Array.from({ length: 5 }, () => workLane(desk.sync, desk.room('Venus'))))
  for (const { subject } of wishes) expect(events(alice, subject)).toHaveLength(1)
})

test('what was cancelled before it was ever sent is never sent', async () => {
  const before = lastEntry()
  const booked = await book(killedEarly, alice, wish('Never sent', 'Mars'))
  await cancel(killedEarly, alice, { id: booked.id, reason: '' })
  await workLane(desk.sync, desk.room('Mars'))
  expect(desk.tenant.ledger(before).filter(({ method }) => method === 'POST')).toEqual([])
  expect(await sweep(desk.sync)).toMatchObject({ lanes: 0 })
})

test('cancelled while nobody knew whether the event was made: it is found and cancelled', async () => {
  await desk.tenant.control('POST', '/faults', { match: 'POST /v1.0/me/events', times: 1, dropAfter: true })
  const booked = await book(killedEarly, alice, wish('In doubt', 'Mars'))
  await workLane(desk.sync, desk.room('Mars'))
  await cancel(desk.reservations, alice, { id: booked.id, reason: '' })
  await until(() => events(alice, 'In doubt')[0]?.isCancelled, { what: 'the event is cancelled' })
  expect(events(alice, 'In doubt')).toHaveLength(1)
})

test('changed while nobody knew whether the event was made: it is found as it was sent, and the change goes out', async () => {
  await desk.tenant.control('POST', '/faults', { match: 'POST /v1.0/me/events', times: 1, dropAfter: true })
  const booked = await book(killedEarly, alice, wish('As it was sent', 'Harlem'))
  await workLane(desk.sync, desk.room('Harlem'))
  expect(events(alice, 'As it was sent')).toHaveLength(1)
  const input = { version: booked.version, subject: 'As it was changed' }
  await change(desk.reservations, alice, { id: booked.id, input })
  await until(() => events(alice, 'As it was changed').length === 1, { what: 'the change is in Outlook' })
  const { subject } = await becomes(alice, booked.id, 'confirmed')
  expect(subject).toBe('As it was changed')
  expect(events(alice, 'As it was sent')).toEqual([])
})

test('who waits for a permission holds up nobody else in the room', async () => {
  const waiting = await book(killedEarly, alice, wish('Waits', 'Saturn'))
  desk.withdraw(alice)
  const other = await book(desk.reservations, bob, wish('Does not wait', 'Saturn'))
  await becomes(bob, other.id, 'confirmed')
  desk.give(alice)
  await continueDrafts(desk.reservations, alice.userId)
  await becomes(alice, waiting.id, 'confirmed')
})

test('a time that is given back is given back in Outlook before it is asked for again', async () => {
  const asked = wish('Gives back', 'Neptune')
  const booked = await book(desk.reservations, alice, asked)
  await becomes(alice, booked.id, 'confirmed')
  const before = lastEntry()
  const match = 'POST /v1.0/me/events/*/cancel'
  await desk.tenant.control('POST', '/faults', { match, times: 1, status: 503, headers: { 'retry-after': '1' } })
  await cancel(desk.reservations, alice, { id: booked.id, reason: '' })
  const next = await book(desk.reservations, bob, { ...asked, subject: 'Takes over' })
  await becomes(bob, next.id, 'confirmed')
  const writes = desk.tenant.ledger(before).filter(({ method }) => method === 'POST')
  expect(writes.map(({ accountName, status }) => `${accountName} ${status}`)).toEqual([
    `${alice.email} 503`,
    `${alice.email} 202`,
    `${bob.email} 201`,
  ])
})

test('many reservations of one person at once stay within what a mailbox takes', async () => {
  const before = lastEntry()
  const rooms = ['Mercury', 'Venus', 'Mars', 'Saturn', 'Neptune', 'Hudson', 'Bleecker', 'Bowery']
  const booked = await Promise.all(rooms.map((room) => book(desk.reservations, alice, wish(`Eight ${room}`, room))))
  for (const { id } of booked) await becomes(alice, id, 'confirmed')
  const entries = desk.tenant.ledger(before)
  expect(entries.filter(({ status }) => status === 429)).toEqual([])
  expect(entries.filter(({ status }) => status === 201)).toHaveLength(rooms.length)
})
