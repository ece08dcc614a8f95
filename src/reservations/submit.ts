import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { Refusal } from '#kit/refusal.ts'
import type { Reservation } from './contract.ts'
import type { Permission, Question, ReservationsDeps, Rule } from './deps.ts'
import { answerFor } from './describe.ts'
import { refused } from './errors.ts'
import { recordHistory } from './history.ts'
import { announce } from './outbox.ts'
import { releaseWaiting } from './outbox-queries.ts'
import { orRoomTaken } from './overlap.ts'
import { lockReservation, lockRoom, selectDraftsOf, updateReservation } from './queries.ts'
import {
  findWholeReservation,
  peopleIn,
  visibleReservation,
  type WholeReservation,
  wholeReservations,
} from './reservation.ts'
import { stateFor } from './state.ts'
import { wishedTime } from './wished-time.ts'

/**
 * Goes on with a draft, or tries a failed one again. Without the person's permission it stays what it is, and says so.
 * @throws Refusal `reservations.not_found`, `.may_not_change`, `.room_taken`, `.in_the_past`, `.no_permission_possible`
 */
export async function submit(deps: ReservationsDeps, actor: Actor, id: string): Promise<Reservation> {
  const whole = await visibleReservation(deps.db, actor, id)
  const { row } = whole
  if (row.requested_for_id !== actor.userId && row.opened_by_id !== actor.userId)
    throw refused('reservations.may_not_change', { say: `Only ${whole.requestedFor.displayName} can submit it.` })
  if (row.state === 'cancelled')
    throw refused('reservations.may_not_change', { say: 'It is cancelled. Reserve the room again.' })
  const passage = await passageOf(deps, whole)
  if (passage.is === 'impossible') throw refused('reservations.no_permission_possible', { say: passage.say })
  if (passage.is === 'open') {
    await goOn(deps, whole, passage)
    await releaseWhatWaits(deps, actor.userId)
  } else {
    const { credentialId, say } = passage
    await updateReservation(deps.db, id, { permission_credential_id: credentialId, permission_say: say })
  }
  return answerFor(deps, actor, id)
}

/**
 * Tries one again that had failed, for whoever runs the synchronization: by the rules, and with the permission, of whoever made it.
 * @throws Refusal `reservations.room_taken`, `.in_the_past`, `.no_permission_possible`, `.not_allowed_in_mode`
 */
export async function resubmit(deps: ReservationsDeps, id: string): Promise<void> {
  const whole = await findWholeReservation(deps.db, id)
  if (whole?.row.state !== 'failed') return
  const passage = await passageOf(deps, whole)
  if (passage.is === 'open') return goOn(deps, whole, passage)
  const say = passage.is === 'needed' ? `It needs ${whole.requestedFor.displayName}: ${passage.say}` : passage.say
  throw refused('reservations.no_permission_possible', { say })
}

type Open = { is: 'open'; rule: Extract<Rule, { is: 'allowed' | 'local' }> }
type Passage = Open | Exclude<Permission, { is: 'given' }>

/** A draft goes on by the rules of today, which may not be those that it was made under. */
async function passageOf(deps: ReservationsDeps, { row, room, requestedFor }: WholeReservation): Promise<Passage> {
  const question: Question = {
    roomId: room.id,
    action: 'create',
    source: row.source,
    actorId: row.opened_by_id ?? '',
    requestedFor,
    existing: null,
  }
  const rule = (await deps.rules([room.id]))(question)
  if (rule.is === 'refused' || rule.is === 'proposed')
    throw refused('reservations.not_allowed_in_mode', { say: rule.say })
  if (rule.is === 'local') return { is: 'open', rule }
  const permission = await deps.permission(question, rule)
  return permission.is === 'given' ? { is: 'open', rule } : permission
}

/**
 * Goes on with everything that waits for this person's permission; called when they gave it. One whose room was taken meanwhile
 * stays a draft and says what is free instead.
 */
export async function continueDrafts(deps: ReservationsDeps, userId: string): Promise<void> {
  for (const whole of await wholeReservations(deps.db, await selectDraftsOf(deps.db, userId))) {
    try {
      const passage = await passageOf(deps, whole)
      if (passage.is === 'open') await goOn(deps, whole, passage)
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem
      await keepAsDraft(deps, whole, problem)
    }
  }
  await releaseWhatWaits(deps, userId)
}

async function goOn(deps: ReservationsDeps, whole: WholeReservation, { rule }: Open): Promise<void> {
  const { row, room, invitees } = whole
  if (row.state !== 'draft' && row.state !== 'failed') return
  const span = wishedTime(
    { startsAt: row.starts_at.toISOString(), endsAt: row.ends_at.toISOString() },
    deps.seams.now(),
  )
  const wish = { room, span, people: peopleIn(invitees) }
  await orRoomTaken(deps.db, wish, () => holdAndAnnounce(deps, whole, rule))
  deps.publish({ topic: 'reservation', id: row.id, userId: row.requested_for_id })
  await deps.wake(deps.db, row.room_id)
}

async function holdAndAnnounce(
  deps: ReservationsDeps,
  { row: seen, room }: WholeReservation,
  rule: Open['rule'],
): Promise<void> {
  const now = deps.seams.now()
  await transaction(deps.db, async (trx) => {
    await lockRoom(trx, seen.room_id)
    const row = await lockReservation(trx, seen.id)
    // Two may go on with it at once, the page and the permission that came; the first one did.
    if (row?.version !== seen.version) return
    const isLocal = rule.is === 'local'
    const room_answer = isLocal ? ('accepted' as const) : ('none' as const)
    await updateReservation(trx, row.id, {
      state: stateFor({ room_answer, approval: row.approval }),
      state_reason: null,
      room_answer,
      sync_mailbox: isLocal ? null : rule.mailbox,
      sync_state: isLocal ? 'not_required' : 'sync_enqueued',
      permission_credential_id: null,
      permission_say: null,
      version: row.version + 1,
      updated_at: now,
    })
    const sentence = isLocal
      ? `It goes on: ${room.name} is yours.`
      : `It goes on: ${room.name} is held for you and is being asked.`
    await recordHistory(trx, deps.seams, { reservationId: row.id, kind: 'continued', sentence })
    if (isLocal) return
    await announce(trx, row, { action: 'create', actorId: row.opened_by_id, source: row.source, now })
  })
}

async function keepAsDraft(deps: ReservationsDeps, { row }: WholeReservation, problem: Refusal): Promise<void> {
  const waiting = { permission_credential_id: null, permission_say: null }
  await transaction(deps.db, async (trx) => {
    await updateReservation(trx, row.id, { ...waiting, state_reason: problem.message, updated_at: deps.seams.now() })
    const line = { kind: 'not_continued', sentence: problem.message, details: problem.facts }
    await recordHistory(trx, deps.seams, { reservationId: row.id, ...line })
  })
  deps.publish({ topic: 'reservation', id: row.id, userId: row.requested_for_id })
}

/** Reservations that had been submitted before the permission was lost: their changes go out now. */
async function releaseWhatWaits(deps: ReservationsDeps, userId: string): Promise<void> {
  const now = deps.seams.now()
  const released = await transaction(deps.db, async (trx) => {
    const rows = await releaseWaiting(trx, userId, now)
    for (const id of new Set(rows.map((row) => row.reservation_id))) {
      const row = await lockReservation(trx, id)
      const reason = row?.state === 'cancelled' ? {} : { state_reason: null }
      await updateReservation(trx, id, { permission_credential_id: null, permission_say: null, ...reason })
      const sentence = 'The permission is there again, and it goes on.'
      await recordHistory(trx, deps.seams, { reservationId: id, kind: 'continued', sentence })
    }
    return rows
  })
  for (const id of new Set(released.map((row) => row.reservation_id))) {
    deps.publish({ topic: 'reservation', id, userId })
  }
  for (const lane of new Set(released.map((row) => row.lane))) await deps.wake(deps.db, lane)
}
