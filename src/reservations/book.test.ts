import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import { Refusal } from '#kit/refusal.ts'
import { type Desk, openDesk } from '../../test/support/desk.ts'
import { readAvailability } from './availability.ts'
import { book } from './book.ts'
import { cancel } from './cancel.ts'
import { change } from './change.ts'
import { listPage, readOne } from './list.ts'
import { continueDrafts } from './submit.ts'

let desk: Desk
let alice: Actor
let bob: Actor
beforeAll(async () => {
  desk = await openDesk({ seams: { now: () => new Date(now) } })
  alice = await desk.person('alice.meyer')
  bob = await desk.person('bob.tanaka')
})
afterAll(() => desk.close())

const now = Date.now()
const hourMs = 3_600_000
/** Ten o'clock in Berlin, on a day of its own for every test. */
let days = 1
function tenOClock() {
  days++
  return Temporal.Instant.fromEpochMilliseconds(now)
    .toZonedDateTimeISO('Europe/Berlin')
    .add({ days })
    .withPlainTime('10:00').epochMilliseconds
}

function wish(startsAt: number, { room = 'Mercury', hours = 1, ...more } = {}) {
  const times = {
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(startsAt + hours * hourMs).toISOString(),
  }
  return { roomId: desk.room(room), subject: 'Planning', notes: '', isPrivate: false, invitees: [], ...times, ...more }
}

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const problem = await work.then(
    () => null,
    (problem: unknown) => problem,
  )
  if (!(problem instanceof Refusal)) throw new Error('it was not refused', { cause: problem })
  return problem
}

test('twenty people want one room at one time: one gets it, nineteen hear who has it and what is free', async () => {
  const at = tenOClock()
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => book(desk.reservations, n % 2 ? alice : bob, wish(at))),
  )
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as Refusal)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['reservations.room_taken']))
  expect(refused[0]?.message).toBe('Mercury is taken from 10:00 to 11:00. Free then: Neptune, Mars, Venus.')
  expect(refused[0]?.facts.alternatives).toHaveLength(3)
  // Back to back is no overlap.
  await book(desk.reservations, alice, wish(at + hourMs))
})

test('alternatives hold everybody who is invited', async () => {
  const at = tenOClock()
  await book(desk.reservations, alice, wish(at))
  const invitees = Array.from({ length: 9 }, (_, n) => ({ email: `guest${n}@contoso.example`, displayName: '' }))
  const refused = await refusal(book(desk.reservations, bob, { ...wish(at), invitees }))
  expect(refused.message).toContain('Free then: Saturn, Jupiter.')
})

test('times are judged with the field that is wrong', async () => {
  const at = tenOClock()
  const codeOf = async (changes: object) => {
    const { code, fields } = await refusal(book(desk.reservations, alice, { ...wish(at), ...changes }))
    return `${code} at ${Object.keys(fields)}`
  }
  const day = (offset: number) => new Date(now + offset * 24 * hourMs).toISOString()
  expect(await codeOf({ endsAt: new Date(at).toISOString() })).toBe('reservations.ends_before_start at endsAt')
  expect(await codeOf({ endsAt: new Date(at + 25 * hourMs).toISOString() })).toBe('reservations.too_long at endsAt')
  expect(await codeOf({ startsAt: day(-1), endsAt: day(-0.5) })).toBe('reservations.in_the_past at startsAt')
  expect(await codeOf({ startsAt: day(181), endsAt: day(181.5) })).toBe('reservations.too_far_ahead at startsAt')
  expect(await codeOf({ roomId: '00000000-0000-4000-8000-000000000000' })).toBe('reservations.room_unknown at ')
})

test('the same key gives the same reservation, also when both requests come at once; another request with it is refused', async () => {
  const keyed = { ...wish(tenOClock()), idempotencyKey: 'k1' }
  const [one, two] = await Promise.all([book(desk.reservations, alice, keyed), book(desk.reservations, alice, keyed)])
  expect(one.id).toBe(two.id)
  expect((await book(desk.reservations, alice, keyed)).id).toBe(one.id)
  const other = await refusal(book(desk.reservations, alice, { ...keyed, subject: 'Something else' }))
  expect(other.code).toBe('reservations.key_reused')
  // A key belongs to whoever used it.
  expect((await refusal(book(desk.reservations, bob, keyed))).code).toBe('reservations.room_taken')
})

test('others see that a room is taken, and of a private meeting nothing else', async () => {
  const at = tenOClock()
  await book(desk.reservations, alice, wish(at, { subject: 'Salaries', isPrivate: true } as object))
  await book(desk.reservations, alice, wish(at + 2 * hourMs, { subject: 'Lunch' } as object))
  const query = {
    from: new Date(at).toISOString(),
    to: new Date(at + hourMs).toISOString(),
    capacity: 1,
    freeOnly: false,
  }
  const seenBy = async (actor: Actor) =>
    (await readAvailability(desk.database.db, actor, query)).rooms.find(({ room }) => room.name === 'Mercury')
  expect(await seenBy(bob)).toMatchObject({
    free: false,
    busy: [
      { label: 'Private', mine: false, from: query.from },
      { label: 'Lunch', mine: false },
    ],
  })
  expect(await seenBy(alice)).toMatchObject({ busy: [{ label: 'Salaries', mine: true }, { label: 'Lunch' }] })
  const free = await readAvailability(desk.database.db, bob, { ...query, freeOnly: true, capacity: 8 })
  expect(free.rooms.map(({ room }) => room.name)).not.toContain('Mercury')
  expect(free.rooms.every(({ room }) => room.capacity >= 8)).toBe(true)
})

test('a reservation is its owner’s: strangers do not find it, what an administrator would change is proposed', async () => {
  const booked = await book(desk.reservations, alice, wish(tenOClock()))
  const ada: Actor = { ...(await desk.person('ada.admin')), roles: new Set(['admin']) }
  expect((await refusal(readOne(desk.reservations, bob, booked.id))).code).toBe('reservations.not_found')
  const { reservation } = await readOne(desk.reservations, ada, booked.id)
  expect(reservation).toMatchObject({ changesAreProposed: expect.stringContaining('Alice Meyer'), proposals: [] })
  const asked = await cancel(desk.reservations, ada, { id: booked.id, reason: '' })
  expect(asked).toMatchObject({
    state: 'awaiting_confirmation',
    proposals: [{ sentence: 'Ada Okafor proposed to cancel it.' }],
  })
  expect((await desk.letters()).at(-1)).toMatchObject({
    to_email: alice.email,
    text: expect.stringContaining('Ada Okafor proposed'),
  })
  const all = { whose: 'all' as const, when: 'upcoming' as const, page: 1, pageSize: 50, q: 'merc' }
  expect((await listPage(desk.reservations, ada, all)).rows.map(({ id }) => id)).toContain(booked.id)
  expect((await refusal(listPage(desk.reservations, bob, all))).code).toBe('http.role_required')
})

test('two who change the same version: the second is told', async () => {
  const booked = await book(desk.reservations, alice, wish(tenOClock()))
  const rename = (subject: string) =>
    change(desk.reservations, alice, { id: booked.id, input: { version: 1, subject } })
  expect(await rename('First')).toMatchObject({ subject: 'First', version: 2 })
  expect((await refusal(rename('Second'))).code).toBe('reservations.changed_by_someone_else')
})

test('moving onto somebody else’s time is refused and changes nothing', async () => {
  const at = tenOClock()
  await book(desk.reservations, bob, wish(at))
  const booked = await book(desk.reservations, alice, wish(at + hourMs))
  const input = { version: 1, startsAt: new Date(at + hourMs / 2).toISOString() }
  const refused = await refusal(change(desk.reservations, alice, { id: booked.id, input }))
  expect(refused.message).toContain('Mercury is taken from 10:00 to 11:00.')
  const { reservation } = await readOne(desk.reservations, alice, booked.id)
  expect(reservation).toMatchObject({ startsAt: booked.startsAt, version: 1 })
})

test('a draft holds no room; when somebody was faster it stays, with the reason and what is free', async () => {
  const at = tenOClock()
  desk.withdraw(alice)
  const draft = await book(desk.reservations, alice, wish(at))
  expect(draft).toMatchObject({ state: 'draft', inOutlook: false })
  await book(desk.reservations, bob, wish(at))
  desk.give(alice)
  await continueDrafts(desk.reservations, alice.userId)
  const { reservation, alternatives } = await readOne(desk.reservations, alice, draft.id)
  expect(reservation).toMatchObject({ state: 'draft', permissionNeeded: null })
  expect(reservation.stateReason).toMatch(/^Mercury is taken from 10:00 to 11:00\. Free then: /)
  expect(alternatives).toHaveLength(3)
})
