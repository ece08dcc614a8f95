import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import type { Reservation } from './contract.ts'
import type { ReservationsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { recordHistory } from './history.ts'
import { announce } from './outbox.ts'
import { lockReservation, lockRoom, updateReservation } from './queries.ts'
import { answerFor, assertMayChange, visibleReservation } from './reservation.ts'

/**
 * Cancels. Here the room is free at once; the meeting in the calendar follows.
 * @throws Refusal `reservations.not_found`, `reservations.may_not_change`
 */
export async function cancel(
  deps: ReservationsDeps,
  actor: Actor,
  { id, reason }: { id: string; reason: string },
): Promise<Reservation> {
  const now = deps.seams.now()
  const whole = await visibleReservation(deps.db, actor, id)
  assertMayChange(whole, actor, now)
  await transaction(deps.db, async (trx) => {
    await lockRoom(trx, whole.row.room_id)
    const row = await lockReservation(trx, id)
    if (!row) throw refused('reservations.not_found')
    // Somebody else, or a second click, was faster: what was asked for is done.
    if (row.state === 'cancelled') return
    const sentence =
      reason === '' ? `${actor.displayName} cancelled it.` : `${actor.displayName} cancelled it: ${reason}`
    await updateReservation(trx, id, {
      state: 'cancelled',
      state_reason: sentence,
      permission_credential_id: null,
      permission_say: null,
      version: row.version + 1,
      updated_at: now,
    })
    await recordHistory(trx, deps.seams, { reservationId: id, kind: 'cancelled', sentence })
    if (row.state === 'draft') return
    const frees = { startsAt: row.starts_at, endsAt: row.ends_at }
    await announce(trx, row, { action: 'cancel', actorId: actor.userId, now, frees })
  })
  deps.publish({ topic: 'reservation', id, userId: whole.row.requested_for_id })
  await deps.wake(deps.db, whole.row.room_id)
  return answerFor(deps.db, actor, { id, now })
}
