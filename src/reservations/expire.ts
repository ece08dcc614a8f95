import { transaction } from '#db/transaction.ts'
import type { ReservationsDeps } from './deps.ts'
import { recordHistory } from './history.ts'
import { announce } from './outbox.ts'
import { lockReservation, lockRoom, type ReservationRow, selectUnconfirmed, updateReservation } from './queries.ts'

const atOnce = 100

type ExpireDeps = Pick<ReservationsDeps, 'db' | 'seams' | 'publish' | 'wake'>

/**
 * Ends reservations whose room has not answered for so long. The room is freed; the person's meeting stays and they are told. Whoever
 * carries it out looks at the room once more first: an answer that came meanwhile wins.
 *
 * @returns how many.
 */
export async function expireUnconfirmed(deps: ExpireDeps, minutes: number): Promise<number> {
  const before = new Date(deps.seams.now().getTime() - minutes * 60_000)
  const rows = await selectUnconfirmed(deps.db, before, atOnce)
  for (const row of rows) await expire(deps, row, minutes)
  return rows.length
}

async function expire(deps: ExpireDeps, seen: ReservationRow, minutes: number): Promise<void> {
  const now = deps.seams.now()
  const done = await transaction(deps.db, async (trx) => {
    await lockRoom(trx, seen.room_id)
    const row = await lockReservation(trx, seen.id)
    if (row?.version !== seen.version || row.state !== 'awaiting_confirmation') return false
    const sentence = `The room did not answer within ${minutes} minutes, so it was freed. The meeting stays in the calendar: choose another room or time.`
    await updateReservation(trx, row.id, { state: 'expired', state_reason: sentence, updated_at: now })
    await recordHistory(trx, deps.seams, { reservationId: row.id, kind: 'expired', sentence })
    const frees = { startsAt: row.starts_at, endsAt: row.ends_at }
    if (row.sync_mailbox !== null)
      await announce(trx, row, { action: 'release', actorId: null, source: 'system', now, frees })
    return true
  })
  if (!done) return
  deps.publish({ topic: 'reservation', id: seen.id, userId: seen.requested_for_id })
  await deps.wake(deps.db, seen.room_id)
}
