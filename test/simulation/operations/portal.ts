import { approve, reject } from '#reservations/approve.ts'
import { book } from '#reservations/book.ts'
import { cancel } from '#reservations/cancel.ts'
import { change } from '#reservations/change.ts'
import { submit } from '#reservations/submit.ts'
import type { Random } from '../scheduler/random.ts'
import { users } from '../world/scenery.ts'
import type { World } from '../world/world.ts'
import { actorOf, type Operation, request } from './operation.ts'
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
      if (end.is === 'done') world.people.booked(end.answer)
    },
  )
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
        if (end.is === 'done') world.people.bookedByKey(keyed.idempotencyKey, end.answer)
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
  return request(world, `change ${row.id.slice(-6)}`, ({ reservations }) =>
    change(reservations, actor, { id: row.id, input }),
  )
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
