import { approve, reject } from '#reservations/approve.ts'
import { book } from '#reservations/book.ts'
import { cancel } from '#reservations/cancel.ts'
import { change } from '#reservations/change.ts'
import type { Reservation } from '#reservations/contract.ts'
import type { ReservationRow } from '#reservations/queries.ts'
import { submit } from '#reservations/submit.ts'
import type { Engine } from '../process/engine.ts'
import type { Random } from '../scheduler/random.ts'
import { type Intention, timeText } from '../world/intentions.ts'
import { users } from '../world/scenery.ts'
import type { World } from '../world/world.ts'
import { actorOf, type Ended, type Operation, request } from './operation.ts'
import { wishGuests, wishText, wishTime } from './wishes.ts'

/** What people and programs do with reservations, through the service's own verbs. */
export const portalOperations: readonly Operation[] = [
  { name: 'book', weight: 20, run: bookRoom },
  { name: 'book twice with one key', weight: 1, run: bookTwice },
  { name: 'change', weight: 14, run: changeReservation },
  { name: 'cancel', weight: 6, run: cancelReservation },
  { name: 'submit', weight: 2, run: submitReservation },
  { name: 'approve', weight: 4, run: (world, dice) => decide(world, dice, approve) },
  { name: 'reject', weight: 2, run: (world, dice) => decide(world, dice, reject) },
]

function bookRoom(world: World, dice: Random): boolean {
  const { actor, input } = wishReservation(world, dice)
  return request(
    world,
    `book ${input.subject}`,
    ({ reservations }) => book(reservations, actor, input),
    (end) => {
      if (end.is === 'done') booked(world, end.answer)
    },
  )
}

function booked(world: World, reservation: Reservation): void {
  world.people.booked(reservation)
  const first = { side: 'here', saw: null, atMs: world.scheduler.nowMs, isKnown: true } as const
  world.intentions.note(reservation.id, { ...first, field: 'subject', value: reservation.subject })
  world.intentions.note(reservation.id, { ...first, field: 'time', value: timeText(reservation) })
}

/** A browser that sends a form again, and a program that was cut off. */
function bookTwice(world: World, dice: Random): boolean {
  const { actor, input } = wishReservation(world, dice)
  const keyed = { ...input, idempotencyKey: `key of ${input.subject}` }
  const once = () =>
    request(
      world,
      `book ${input.subject}`,
      ({ reservations }) => book(reservations, actor, keyed),
      (end) => {
        if (end.is !== 'done') return
        world.people.bookedByKey(keyed.idempotencyKey, end.answer)
        booked(world, end.answer)
      },
    )
  return once() && once()
}

function wishReservation(world: World, dice: Random) {
  const byProgram = dice.chance(0.15)
  const userId = dice.pick([...users.keys()])
  const forOther = dice.chance(0.1) ? { requestedForId: dice.pick([...users.keys()]) } : {}
  const { startsAt, endsAt } = wishTime(world, dice)
  const input = {
    roomId: dice.pick(world.plan.rooms).id,
    subject: wishText(world, 'subject'),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    notes: dice.chance(0.4) ? wishText(world, 'notes') : '',
    isPrivate: dice.chance(0.15),
    invitees: wishGuests(dice),
    ...forOther,
  }
  return { actor: actorOf(userId, byProgram ? 'api_token' : 'session'), input }
}

async function changeReservation(world: World, dice: Random): Promise<boolean> {
  const row = await world.people.someReservation(dice, (one) => one.state !== 'cancelled')
  if (!row) return false
  const actor = actorOf(await whoTouches(dice, row.requested_for_id), dice.chance(0.1) ? 'api_token' : 'session')
  const moves = dice.chance(0.5) ? timeOf(wishTime(world, dice)) : {}
  const input = {
    version: row.version,
    ...moves,
    ...(dice.chance(0.4) ? { subject: wishText(world, 'subject') } : {}),
    ...(dice.chance(0.2) ? { notes: wishText(world, 'notes') } : {}),
    ...(dice.chance(0.2) ? { isPrivate: dice.chance(0.5) } : {}),
    ...(dice.chance(0.25) ? { invitees: wishGuests(dice) } : {}),
  }
  const meant = meantBy(world, row, input)
  const work = ({ reservations }: Engine) => change(reservations, actor, { id: row.id, input })
  return request(world, `change ${row.id.slice(-6)}`, work, (end) => {
    for (const intention of meant) settleIntention(world, intention, end)
  })
}

type ChangeWish = { startsAt?: string; endsAt?: string; subject?: string }

/** What is meant by a change, from the moment that it is asked for: who knows whether it was done when no answer comes. */
function meantBy(world: World, row: ReservationRow, { startsAt, endsAt, subject }: ChangeWish): Intention[] {
  const meant = { side: 'here', atMs: world.scheduler.nowMs, isKnown: false } as const
  const saw = timeText({ startsAt: row.starts_at, endsAt: row.ends_at })
  const wishes: Intention[] = []
  if (subject !== undefined) wishes.push({ ...meant, field: 'subject', value: subject, saw: row.subject })
  if (startsAt && endsAt) wishes.push({ ...meant, field: 'time', value: timeText({ startsAt, endsAt }), saw })
  return wishes.map((wish) => world.intentions.note(row.id, wish))
}

/** It counts once the answer shows it; a change that was only proposed to the organizer does not. */
function settleIntention(world: World, intention: Intention, end: Ended<Reservation>): void {
  if (end.is === 'refused') return
  const shown = intention.field === 'subject' ? end.answer.subject : timeText(end.answer)
  intention.isKnown = shown === intention.value
  intention.atMs = world.scheduler.nowMs
}

async function cancelReservation(world: World, dice: Random): Promise<boolean> {
  const row = await world.people.someReservation(dice, (one) => one.state !== 'cancelled')
  if (!row) return false
  const actor = actorOf(await whoTouches(dice, row.requested_for_id))
  const reason = dice.chance(0.5) ? 'not needed' : ''
  return request(world, `cancel ${row.id.slice(-6)}`, ({ reservations }) =>
    cancel(reservations, actor, { id: row.id, reason }),
  )
}

async function submitReservation(world: World, dice: Random): Promise<boolean> {
  const row = await world.people.someReservation(dice, ({ state }) => state === 'draft' || state === 'failed')
  if (!row?.requested_for_id) return false
  const actor = actorOf(row.requested_for_id)
  return request(world, `submit ${row.id.slice(-6)}`, ({ reservations }) => submit(reservations, actor, row.id))
}

async function decide(world: World, dice: Random, verb: typeof approve): Promise<boolean> {
  const row = await world.people.someReservation(dice, ({ approval }) => approval === 'awaiting_approval')
  const approver = [...users].find(([, person]) => person.name.startsWith('Carla'))?.[0]
  if (!row || !approver) return false
  const deciding = { id: row.id, comment: '' }
  return request(world, `${verb.name} ${row.id.slice(-6)}`, ({ reservations }) =>
    verb(reservations, actorOf(approver), deciding),
  )
}

/** Mostly the one it is for. */
async function whoTouches(dice: Random, ownerId: string | null): Promise<string> {
  return ownerId !== null && dice.chance(0.9) ? ownerId : dice.pick([...users.keys()])
}

function timeOf({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }) {
  return { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
}
