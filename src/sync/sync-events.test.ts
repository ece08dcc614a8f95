import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import { releaseLease, takeLease } from '#jobs/lease.ts'
import { book } from '#reservations/book.ts'
import { cancel } from '#reservations/cancel.ts'
import { change } from '#reservations/change.ts'
import type { ReservationState } from '#reservations/contract.ts'
import { readOne } from '#reservations/list.ts'
import { continueDrafts } from '#reservations/submit.ts'
import { type Desk, openDesk } from '../../test/support/desk.ts'
import { until } from '../../test/support/until.ts'
import { readHealth } from './health.ts'
import { wakeLane } from './jobs.ts'
import { listSyncEvents } from './list-sync-events.ts'
import { readSyncEvent } from './read-sync-event.ts'
import { reprocess, reprocessMany } from './reprocess.ts'
import { readStory } from './story.ts'
import type { SyncEvent } from './sync-event.contract.ts'

let desk: Desk
let alice: Actor
let admin: Actor
beforeAll(async () => {
  desk = await openDesk()
  alice = await desk.person('alice.meyer')
  admin = { ...(await desk.person('ada.admin')), roles: new Set(['rsvsync_admin']) }
})
afterAll(() => desk.close())

const hourMs = 3_600_000
let nextHour = 24

function wish(subject: string, room = 'Mercury') {
  const startsAt = new Date(Math.ceil(Date.now() / hourMs) * hourMs + nextHour++ * hourMs)
  const times = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + hourMs).toISOString() }
  return { roomId: desk.room(room), subject, notes: '', isPrivate: false, invitees: [], ...times }
}

function list(query: object = {}) {
  return listSyncEvents(desk.sync, { page: 1, pageSize: 50, ...query })
}

async function eventOf(reservationId: string, fits: (event: SyncEvent) => boolean): Promise<SyncEvent> {
  const newest = async () => (await list({ reservationId })).rows.find(fits)
  return until(newest, { what: 'the sync event is as expected' })
}

async function becomes(id: string, state: ReservationState) {
  const reached = async () => {
    const answer = await readOne(desk.reservations, alice, id)
    return answer.reservation.state === state && answer
  }
  return until(reached, { what: `the reservation is ${state}` })
}

const again = (seq: string) =>
  reprocess({ ...desk.sync, reservations: desk.reservations }, { actor: admin, requestId: 'request-1' }, seq)

async function fault(choice: object): Promise<void> {
  const answer = await desk.tenant.control('POST', '/faults', { times: 1, ...choice })
  expect(answer.status).toBeLessThan(300)
}

const problem = (code: string) => ({ error: { code, message: 'for the test' } })

function writesSince(id: number) {
  return desk.tenant.ledger(id).filter(({ method }) => method !== 'GET')
}

test('a change that got through says whose permission it used, what was sent and what came back', async () => {
  const booked = await book(desk.reservations, alice, wish('Planning'))
  await becomes(booked.id, 'confirmed')
  const event = await eventOf(booked.id, ({ state }) => state === 'processed')
  expect(event).toMatchObject({ subState: 'created', action: 'create', actsAs: 'personal', identity: alice.email })
  expect(event.say).toBe(`The meeting was put in the calendar of ${alice.email}, and Mercury was asked.`)
  const record = await readSyncEvent(desk.sync, event.seq)
  expect(record).toMatchObject({
    askedBy: 'Alice Meyer',
    source: 'portal',
    provider: { name: 'Microsoft Exchange Online' },
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    payload: { subject: 'Planning', requestedFor: alice.email },
    providerPayload: { subject: 'Planning' },
    response: { id: expect.any(String), iCalUId: expect.any(String), etag: expect.any(String) },
    difference: null,
  })
  expect(JSON.stringify(record)).not.toMatch(/bearer|eyJ/i)
})

test('what nobody has taken yet is new, and is found in the same list', async () => {
  const { db } = desk.database
  const lease = await takeLease(db, `reservations ${desk.room('Saturn')}`, { ownerId: admin.userId, ttlMs: 60_000 })
  if (lease === null) throw new Error('somebody else works in the lane')
  const booked = await book(desk.reservations, alice, wish('In the queue', 'Saturn'))
  const [event] = (await list({ state: 'new' })).rows
  expect(event).toMatchObject({ state: 'new', subState: null, attempts: 0, reservation: { subject: 'In the queue' } })
  for (const query of [{ q: 'in the q' }, { q: 'saturn' }, { q: booked.id }, { roomId: desk.room('Saturn') }, {}]) {
    expect((await list(query)).rows[0], JSON.stringify(query)).toEqual(event)
  }
  for (const query of [{ q: '%' }, { state: 'error' }, { subState: 'created', q: 'queue' }, { since: booked.endsAt }]) {
    expect((await list(query)).total, JSON.stringify(query)).toBe(0)
  }
  await releaseLease(db, lease)
  await wakeLane(desk.sync, db, desk.room('Saturn'))
  await becomes(booked.id, 'confirmed')
  expect((await list({ state: 'new' })).total).toBe(0)
})

test('pages follow each other, the newest first', async () => {
  const all = (await list()).rows.map(({ seq }) => seq)
  expect(all).toEqual(all.toSorted((one, other) => Number(other) - Number(one)))
  const pages = await Promise.all([1, 2].map((page) => list({ page, pageSize: 1 })))
  expect(pages.flatMap(({ rows }) => rows.map(({ seq }) => seq))).toEqual(all.slice(0, 2))
  expect(pages[0]).toMatchObject({ total: all.length, totalIsAtLeast: false })
})

test('one that waits for its time goes at once, with the permission it was to be made with', async () => {
  const booked = await book(desk.reservations, alice, wish('Before it rests'))
  await becomes(booked.id, 'confirmed')
  await configure({ active: false }, 'Mercury')
  const { reservation } = await readOne(desk.reservations, alice, booked.id)
  await change(desk.reservations, alice, {
    id: booked.id,
    input: { version: reservation.version, subject: 'It rests' },
  })
  const event = await eventOf(booked.id, ({ state }) => state === 'error')
  expect(event).toMatchObject({ subState: 'waits_for_configuration', nextAttemptAt: expect.any(String) })
  expect(event.say).toContain('goes on when its configuration is active again')
  await configure({ active: true }, 'Mercury')
  expect(await again(event.seq)).toMatchObject({ is: 'hastened', say: 'It goes now.' })
  const after = await eventOf(booked.id, ({ seq, state }) => seq === event.seq && state === 'processed')
  expect(after).toMatchObject({ subState: 'changed', identity: alice.email, attempts: 2, nextAttemptAt: null })
})

async function configure(values: { active: boolean }, room: string): Promise<void> {
  const { db } = desk.database
  await db.updateTable('sync_configurations').set(values).where('room_id', '=', desk.room(room)).execute()
}

test('one that is done is compared with Outlook once more, and nothing is sent when nothing differs', async () => {
  const booked = await book(desk.reservations, alice, wish('Once more'))
  await becomes(booked.id, 'confirmed')
  const event = await eventOf(booked.id, ({ state }) => state === 'processed')
  const before = desk.tenant.ledger().at(-1)?.id ?? 0
  expect(await again(event.seq)).toMatchObject({ is: 'announced' })
  const second = await eventOf(booked.id, ({ seq, state }) => seq !== event.seq && state === 'processed')
  expect(second).toMatchObject({ action: 'update', subState: 'unchanged', identity: alice.email })
  expect(writesSince(before)).toEqual([])
  const entry = await desk.database.db
    .selectFrom('audit_entries')
    .selectAll()
    .where('action', '=', 'sync.event_reprocessed')
    .where('subject_id', '=', event.seq)
    .executeTakeFirstOrThrow()
  expect(entry).toMatchObject({ actor_id: admin.userId, subject_name: 'Once more', request_id: 'request-1' })
})

test('one that failed reserves the room anew, unless somebody has it', async () => {
  await fault({ match: 'POST /v1.0/me/events', status: 403, body: problem('ErrorAccessDenied') })
  const asked = wish('Refused', 'Mars')
  const booked = await book(desk.reservations, alice, asked)
  await becomes(booked.id, 'failed')
  const event = await eventOf(booked.id, ({ subState }) => subState === 'refused')
  expect(await notThrough()).toContain('ErrorAccessDenied')
  const taken = await book(desk.reservations, alice, { ...asked, subject: 'Faster' })
  await expect(again(event.seq)).rejects.toMatchObject({ code: 'reservations.room_taken' })
  await becomes(taken.id, 'confirmed')
  await cancel(desk.reservations, alice, { id: taken.id, reason: '' })
  await eventOf(taken.id, ({ action, state }) => action === 'cancel' && state === 'processed')
  expect(await again(event.seq)).toMatchObject({ is: 'announced', say: 'The room is reserved anew and asked again.' })
  await becomes(booked.id, 'confirmed')
  expect(await notThrough()).not.toContain('ErrorAccessDenied')
})

/** What health counts as not through, by its reason. */
async function notThrough(): Promise<string[]> {
  return (await readHealth(desk.sync)).errors.map(({ code }) => code)
}

test('one that waits for a person’s permission says so, and does not go without it', async () => {
  const booked = await book(desk.reservations, alice, wish('Needs Alice'))
  const { reservation } = await becomes(booked.id, 'confirmed')
  await fault({ match: 'PATCH /v1.0/me/events/*', status: 401, body: problem('InvalidAuthenticationToken') })
  await change(desk.reservations, alice, { id: booked.id, input: { version: reservation.version, subject: 'Later' } })
  const event = await eventOf(booked.id, ({ subState }) => subState === 'waits_for_permission')
  expect(event.say).toBe('Alice Meyer has to give their permission. Then it goes on by itself.')
  desk.withdraw(alice)
  await again(event.seq)
  await eventOf(booked.id, ({ seq, attempts, subState }) => {
    return seq === event.seq && attempts === 2 && subState === 'waits_for_permission'
  })
  desk.give(alice)
  await continueDrafts(desk.reservations, alice.userId)
  await eventOf(booked.id, ({ seq, subState }) => seq === event.seq && subState === 'changed')
})

test('of many each has its outcome', async () => {
  const booked = await book(desk.reservations, alice, wish('Among many'))
  await becomes(booked.id, 'confirmed')
  const { seq } = await eventOf(booked.id, ({ state }) => state === 'processed')
  const deps = { ...desk.sync, reservations: desk.reservations }
  const outcomes = await reprocessMany(deps, { actor: admin, requestId: 'request-2' }, [seq, '999999999', seq])
  expect(outcomes.map(({ is, code }) => [is, code])).toEqual([
    ['announced', null],
    ['refused', 'sync.event_unknown'],
  ])
})

test('what Outlook has overruled is no error any more', async () => {
  const booked = await book(desk.reservations, alice, wish('Overruled'))
  const { reservation } = await becomes(booked.id, 'confirmed')
  await fault({ match: 'PATCH /v1.0/me/events/*', status: 500, body: problem('busy') })
  const input = { version: reservation.version, subject: 'Never sent' }
  await change(desk.reservations, alice, { id: booked.id, input })
  const event = await eventOf(booked.id, ({ subState }) => subState === 'later')
  const { tenant } = desk.tenant
  const [item] = tenant.events
    .listBy(tenant.findUser(alice.email)?.id ?? '')
    .filter((one) => one.subject === 'Overruled')
  if (item) tenant.events.put({ ...item, deletedAt: new Date().toISOString() })
  await becomes(booked.id, 'cancelled')
  const after = await eventOf(booked.id, ({ seq, state }) => seq === event.seq && state === 'processed')
  expect(['overruled', 'deleted_outside']).toContain(after.subState)
})

test('the story of a reservation: what each copy says, for those who may see it', async () => {
  const invitees = [{ email: 'Bob.Tanaka@contoso.example', displayName: 'Bob' }]
  const booked = await book(desk.reservations, alice, { ...wish('A story', 'Venus'), invitees })
  await becomes(booked.id, 'confirmed')
  const { iCalUId } = await readAsRoomSays(booked)
  const story = await readStory(desk.sync, alice, booked.id)
  expect(story).toMatchObject({
    here: { subject: 'A story', people: ['bob.tanaka@contoso.example'] },
    agreed: { subject: 'as_here', startsAt: booked.startsAt, endsAt: booked.endsAt, isPrivate: false },
    room: { subject: 'Alice Meyer', answer: 'accepted', goneAt: null },
    link: { mailbox: alice.email, actsAs: 'personal', iCalUId, bornOutside: false, error: null },
    decisions: [{ decision: 'take', why: 'room_accepted', say: 'The room accepted.' }],
    events: [{ action: 'create', subState: 'created' }],
    json: null,
  })
  expect((await readStory(desk.sync, admin, booked.id)).json).toMatchObject({ link: { event_id: story.link?.eventId } })
  const bob = await desk.person('bob.tanaka')
  await expect(readStory(desk.sync, bob, booked.id)).rejects.toMatchObject({ code: 'reservations.not_found' })
})

/** The row that whoever watches the room would have written. */
async function readAsRoomSays({ id, startsAt, endsAt }: { id: string; startsAt: string; endsAt: string }) {
  const { db } = desk.database
  const link = await db.selectFrom('event_links').selectAll().where('reservation_id', '=', id).executeTakeFirstOrThrow()
  const iCalUId = link.i_cal_uid ?? ''
  const organizer = { name: 'Alice Meyer', address: alice.email }
  const now = new Date()
  await db
    .insertInto('room_events')
    .values({
      id: desk.sync.seams.newId(),
      room_id: desk.room('Venus'),
      event_id: 'of the room',
      i_cal_uid: iCalUId,
      etag: 'W/"1"',
      digest: '1',
      starts_at: new Date(startsAt),
      ends_at: new Date(endsAt),
      view: {
        subject: 'Alice Meyer',
        organizer,
        answer: 'accepted',
        isCancelled: false,
        isPrivate: false,
        isAllDay: false,
        showAs: 'busy',
        attendees: [],
        resources: ['venus@contoso.example'],
        type: 'singleInstance',
        seriesMasterId: null,
        modifiedAt: null,
        webLink: null,
      },
      first_seen_at: now,
      seen_at: now,
      changed_at: now,
      plan_due_at: null,
    })
    .execute()
  return { iCalUId }
}
