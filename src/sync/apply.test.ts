import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '#http/actor.ts'
import { book } from '#reservations/book.ts'
import { cancel } from '#reservations/cancel.ts'
import { change } from '#reservations/change.ts'
import type { ReservationState } from '#reservations/contract.ts'
import { readOne } from '#reservations/list.ts'
import { hintRoom } from '#watch/hint.ts'
import { cancelEvent, createEvent, deleteEvent, respondToEvent, updateEvent } from '../../emulator/exchange/mailbox.ts'
import type { EventItem } from '../../emulator/model.ts'
import { type Desk, openDesk } from '../../test/support/desk.ts'
import { until } from '../../test/support/until.ts'

const hourMs = 3_600_000
let nextHour = 24

/** An hour of its own for every test. */
function anHour() {
  const startsAt = new Date(Math.ceil(Date.now() / hourMs) * hourMs + nextHour++ * hourMs)
  return { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + hourMs).toISOString() }
}

/** In normal mode changes are read with the application's token, in the others windows with the delegated mailbox's. */
describe.each(['normal', 'strict', 'personal'] as const)('%s', (mode) => {
  let desk: Desk
  let alice: Actor
  beforeAll(async () => {
    desk = await openDesk({ mode, watches: true })
    alice = await desk.person('alice.meyer')
    const watching = () =>
      desk.database.db.selectFrom('room_watches').select('state').where('state', '=', 'watching').execute()
    await until(async () => (await watching()).length > 5, { what: 'rooms are watched' })
  })
  afterAll(() => desk.close())

  const user = (address: string) => {
    const found = desk.tenant.tenant.findUser(address)
    if (!found) throw new Error(`nobody has the address ${address}`)
    return found
  }
  const room = (name: string) => ({ address: `${name.toLowerCase()}@contoso.example`, name })

  /** Somebody makes a meeting in Outlook. */
  function meet(subject: string, { by = 'grace.kim@contoso.example', rooms = ['Mercury'], ...more } = {}) {
    const attendees = rooms.map((name) => ({ emailAddress: room(name), type: 'resource' as const }))
    const made = createEvent(desk.tenant.tenant, user(by), { subject, attendees, ...anHour(), ...more })
    return { ...made.item, id: made.item.id }
  }
  const current = (item: EventItem) => desk.tenant.tenant.events.get(item.id) as EventItem

  /** The reservation of a meeting; the room is read again and again, as it would be when it is hinted at. */
  async function reservationOf(
    item: EventItem,
    more: { state?: ReservationState; room?: string; startsAt?: string } = {},
  ) {
    return until(
      async () => {
        await hintRoom(desk.watch, desk.room(more.room ?? 'Mercury'))
        const rows = await desk.database.db
          .selectFrom('reservations')
          .innerJoin('event_links', 'event_links.reservation_id', 'reservations.id')
          .selectAll('reservations')
          .where('event_links.i_cal_uid', '=', item.iCalUId)
          .where('reservations.room_id', '=', desk.room(more.room ?? 'Mercury'))
          .orderBy('reservations.created_at', 'desc')
          .execute()
        const row = rows[0]
        if (!row || (more.state && row.state !== more.state)) return false
        if (more.startsAt && row.starts_at.toISOString() !== more.startsAt) return false
        return row
      },
      { what: `the reservation of ${item.subject} is ${JSON.stringify(more)}`, timeoutMs: 20_000 },
    )
  }

  test('a meeting made in Outlook becomes its organizer’s reservation, once, and holds the room', async () => {
    const item = meet('Budget')
    const row = await reservationOf(item, { state: 'confirmed' })
    expect(row).toMatchObject({ source: 'outlook', organizer_email: 'grace.kim@contoso.example', in_calendar: true })
    expect(row.subject).toBe(mode === 'normal' ? 'Budget' : 'Meeting of Grace Kim')
    const taken = book(desk.reservations, alice, wish('Too late', item))
    await expect(taken).rejects.toMatchObject({ code: 'reservations.room_taken' })
    const all = await desk.database.db
      .selectFrom('event_links')
      .select('reservation_id')
      .where('i_cal_uid', '=', item.iCalUId)
      .execute()
    expect(all).toHaveLength(1)
  })

  function wish(subject: string, time: { startsAt: string; endsAt: string }) {
    return {
      roomId: desk.room('Mercury'),
      subject,
      notes: '',
      isPrivate: false,
      invitees: [],
      startsAt: time.startsAt,
      endsAt: time.endsAt,
    }
  }

  test('moved in Outlook, it moves; cancelled there, it ends with that reason', async () => {
    const item = meet('Moving')
    await reservationOf(item, { state: 'confirmed' })
    const later = anHour()
    updateEvent(desk.tenant.tenant, current(item), later)
    const moved = await reservationOf(item, { state: 'confirmed', startsAt: later.startsAt })
    cancelEvent(desk.tenant.tenant, current(item))
    const ended = await reservationOf(item, { state: 'cancelled' })
    expect(ended.id).toBe(moved.id)
    expect(ended.state_reason).toMatch(/in Outlook/)
  })

  test('given another room in Outlook, it is in that room and no longer in this one', async () => {
    const item = meet('Wandering')
    await reservationOf(item, { state: 'confirmed' })
    updateEvent(desk.tenant.tenant, current(item), { attendees: [{ emailAddress: room('Venus'), type: 'resource' }] })
    await reservationOf(item, { room: 'Venus', state: 'confirmed' })
    await reservationOf(item, { state: 'cancelled' })
  })

  test('a room that waits for its delegates: awaiting approval, then accepted or declined by them', async () => {
    for (const [answer, state] of [
      ['accepted', 'confirmed'],
      ['declined', 'declined'],
    ] as const) {
      const item = meet(`Board ${answer}`, { rooms: ['Jupiter'] })
      await reservationOf(item, { room: 'Jupiter', state: 'awaiting_approval' })
      const copy = desk.tenant.tenant.events
        .listBy(item.iCalUId)
        .find(({ mailboxId }) => mailboxId === user('jupiter@contoso.example').id)
      if (!copy) throw new Error('the room has no copy')
      respondToEvent(desk.tenant.tenant, copy, answer, true)
      const row = await reservationOf(item, { room: 'Jupiter', state })
      expect(row.external_approval).toBe(answer)
    }
  })

  test('what was reserved here and changed in Outlook by its organizer arrives; its own echo changes nothing', async () => {
    const time = anHour()
    const booked = await book(desk.reservations, alice, wish('Ours', time))
    const link = await until(
      async () => {
        const found = await desk.database.db
          .selectFrom('event_links')
          .selectAll()
          .where('reservation_id', '=', booked.id)
          .execute()
        return found[0]?.i_cal_uid ? found[0] : false
      },
      { what: 'the event is made' },
    )
    const original = () =>
      desk.tenant.tenant.events.listBy(link.i_cal_uid ?? '').find(({ isOrganizer }) => isOrganizer) as EventItem
    await reservationOf(original(), { state: 'confirmed' })
    const writes = desk.tenant.ledger().filter(({ method }) => method !== 'GET').length
    for (let round = 0; round < 3; round++) await hintRoom(desk.watch, desk.room('Mercury'))
    const decided = await desk.database.db
      .selectFrom('sync_decisions')
      .select('decision')
      .where('reservation_id', '=', booked.id)
      .execute()
    expect(decided.every(({ decision }) => decision === 'take')).toBe(true)
    expect(
      desk.tenant.ledger().filter(({ method, path }) => method !== 'GET' && !path.endsWith('getSchedule')).length,
    ).toBeLessThanOrEqual(writes)
    const later = anHour()
    updateEvent(desk.tenant.tenant, original(), {
      ...later,
      ...(mode === 'personal' ? {} : { subject: 'Ours, renamed' }),
    })
    const moved = await reservationOf(original(), { state: 'confirmed', startsAt: later.startsAt })
    expect(moved.id).toBe(booked.id)
    if (mode !== 'personal') expect(moved.subject).toBe('Ours, renamed')
    deleteEvent(desk.tenant.tenant, original())
    expect((await reservationOf(original(), { state: 'cancelled' })).id).toBe(booked.id)
    const { history } = await readOne(desk.reservations, alice, booked.id)
    expect(history.map(({ kind }) => kind)).toContain('moved_in_outlook')
  })

  test('an edit of a meeting made in Outlook: written with the right permission, or proposed to its organizer', async () => {
    const item = meet('Theirs', { by: 'alice.meyer@contoso.example' })
    const row = await reservationOf(item, { state: 'confirmed' })
    const later = anHour()
    const answer = await change(desk.reservations, alice, { id: row.id, input: { version: row.version, ...later } })
    if (mode === 'strict') {
      expect(answer.proposals).toMatchObject([
        { sentence: expect.stringContaining('Alice Meyer proposed to move it to') },
      ])
      expect(current(item).startsAt).toBe(item.startsAt)
      updateEvent(desk.tenant.tenant, current(item), later)
      await reservationOf(item, { startsAt: later.startsAt })
      await until(async () => (await readOne(desk.reservations, alice, row.id)).reservation.proposals.length === 0, {
        what: 'it is settled',
      })
      return
    }
    await until(() => current(item).startsAt === later.startsAt, { what: 'the meeting is moved in Outlook' })
    await reservationOf(item, { state: 'confirmed', startsAt: later.startsAt })
    await cancel(desk.reservations, alice, { id: row.id, reason: 'No need' })
    await until(() => current(item).deletedAt !== null, { what: 'it is cancelled in Outlook' })
    const patch = desk.tenant.ledger().findLast(({ method }) => method === 'PATCH')
    expect(patch).toMatchObject(
      mode === 'normal' ? { tokenKind: 'application' } : { accountName: alice.email, mailbox: alice.email },
    )
  })
})
