import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import type { Reservation } from './contract.ts'
import type { ReservationsDeps } from './deps.ts'
import { answerFor, ruleFor } from './describe.ts'
import { refused } from './errors.ts'
import { recordHistory } from './history.ts'
import { announce } from './outbox.ts'
import { propose, sayProposal } from './proposal.ts'
import { lockReservation, lockRoom, updateReservation } from './queries.ts'
import { visibleReservation, type WholeReservation } from './reservation.ts'
import { sourceOf } from './source.ts'

type Cancelling = { id: string; reason: string }

/**
 * Cancels. Here the room is free at once; the meeting in the calendar follows. Where the person may not write the meeting, the
 * cancellation is proposed to its organizer.
 * @throws Refusal `reservations.not_found`, `reservations.may_not_change`, `reservations.not_allowed_in_mode`
 */
export async function cancel(deps: ReservationsDeps, actor: Actor, { id, reason }: Cancelling): Promise<Reservation> {
  const whole = await visibleReservation(deps.db, actor, id)
  const rule = await ruleFor(deps, actor, { whole, action: 'cancel' })
  if (rule.is === 'proposed') await proposeCancelling(deps, actor, { whole, because: rule.say })
  else await storeCancelling(deps, actor, { whole, reason, announced: rule.is === 'allowed' })
  return answerFor(deps, actor, id)
}

async function storeCancelling(
  deps: ReservationsDeps,
  actor: Actor,
  { whole, reason, announced }: { whole: WholeReservation; reason: string; announced: boolean },
): Promise<void> {
  const now = deps.seams.now()
  const { id, room_id: roomId } = whole.row
  await transaction(deps.db, async (trx) => {
    await lockRoom(trx, roomId)
    const row = await lockReservation(trx, id)
    if (!row) throw refused('reservations.not_found')
    // Somebody else, or a second click, was faster: what was asked for is done.
    if (row.state === 'cancelled') return
    const sentence =
      reason === '' ? `${actor.displayName} cancelled it.` : `${actor.displayName} cancelled it: ${reason}`
    const isOut = announced && row.state !== 'draft'
    await updateReservation(trx, id, {
      state: 'cancelled',
      state_reason: sentence,
      permission_credential_id: null,
      permission_say: null,
      sync_state: isOut ? 'sync_enqueued' : 'not_required',
      version: row.version + 1,
      updated_at: now,
    })
    await recordHistory(trx, deps.seams, { reservationId: id, kind: 'cancelled', sentence })
    if (!isOut) return
    const frees = { startsAt: row.starts_at, endsAt: row.ends_at }
    await announce(trx, row, { action: 'cancel', actorId: actor.userId, source: sourceOf(actor), now, frees })
  })
  deps.publish({ topic: 'reservation', id, userId: whole.row.requested_for_id })
  // Also for what is in no calendar: the room is free, and somebody may have waited for that.
  await deps.wake(deps.db, roomId)
}

async function proposeCancelling(
  deps: ReservationsDeps,
  actor: Actor,
  { whole, because }: { whole: WholeReservation; because: string },
): Promise<void> {
  const { row } = whole
  const what = { cancelled: true as const }
  const span = { startsAt: row.starts_at, endsAt: row.ends_at }
  const sentence = sayProposal(actor, { what, span, timeZone: row.time_zone })
  await propose(deps, actor, { whole, what, sentence, because })
}
