import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import type { Reservation } from './contract.ts'
import type { ReservationsDeps } from './deps.ts'
import { answerFor, mayApprove } from './describe.ts'
import { refused } from './errors.ts'
import { recordHistory } from './history.ts'
import { announce } from './outbox.ts'
import { lockReservation, lockRoom, type ReservationRow, updateReservation } from './queries.ts'
import { visibleReservation, type WholeReservation } from './reservation.ts'
import { stateFor } from './state.ts'

type Deciding = { id: string; comment: string }

/**
 * Our own approver says yes. The reservation is confirmed once its room has accepted too.
 * @throws Refusal `reservations.not_found`, `reservations.nothing_to_approve`
 */
export function approve(deps: ReservationsDeps, actor: Actor, deciding: Deciding): Promise<Reservation> {
  return decide(deps, actor, { ...deciding, says: 'approved' })
}

/**
 * Our own approver says no. The room is freed; the person's meeting stays, with a note saying so.
 * @throws Refusal `reservations.not_found`, `reservations.nothing_to_approve`
 */
export function reject(deps: ReservationsDeps, actor: Actor, deciding: Deciding): Promise<Reservation> {
  return decide(deps, actor, { ...deciding, says: 'rejected' })
}

type Decision = Deciding & { says: 'approved' | 'rejected' }

async function decide(deps: ReservationsDeps, actor: Actor, decision: Decision): Promise<Reservation> {
  const whole = await visibleReservation(deps.db, actor, decision.id)
  await transaction(deps.db, async (trx) => {
    await lockRoom(trx, whole.row.room_id)
    const row = await lockReservation(trx, decision.id)
    if (!row || !mayApprove({ ...whole, row }, actor)) throw refused('reservations.nothing_to_approve')
    await store(trx, deps, { actor, row, whole, decision })
  })
  deps.publish({ topic: 'reservation', id: decision.id, userId: whole.row.requested_for_id })
  await deps.wake(deps.db, whole.row.room_id)
  return answerFor(deps, actor, decision.id)
}

type Store = { actor: Actor; row: ReservationRow; whole: WholeReservation; decision: Decision }

async function store(trx: Database, deps: ReservationsDeps, { actor, row, whole, decision }: Store): Promise<void> {
  const now = deps.seams.now()
  const { says, comment } = decision
  const sentence = sayDecision(actor, whole, decision)
  const isConflict = says === 'approved' && row.state === 'conflicted'
  await updateReservation(trx, row.id, {
    approval: says,
    state: isConflict ? 'conflicted' : stateFor({ room_answer: row.room_answer, approval: says }),
    ...(isConflict ? {} : { state_reason: says === 'rejected' ? sentence : null }),
    updated_at: now,
  })
  await recordHistory(trx, deps.seams, { reservationId: row.id, kind: says, sentence, details: { comment } })
  if (says === 'approved' || row.sync_mailbox === null) return
  const frees = { startsAt: row.starts_at, endsAt: row.ends_at }
  await announce(trx, row, { action: 'release', actorId: actor.userId, source: 'system', now, frees })
}

function sayDecision(actor: Actor, { room }: WholeReservation, { says, comment }: Decision): string {
  const reason = comment === '' ? '' : ` ${comment}`
  if (says === 'approved') return `${actor.displayName} approved it.${reason}`
  return `${actor.displayName} rejected it, so ${room.name} is free again. The meeting itself stays in the calendar.${reason}`
}
