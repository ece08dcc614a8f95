import type { Database } from '#db/database.ts'
import { announce } from './outbox.ts'
import { updateGoesNow } from './outbox-list-queries.ts'
import type { OutboxRow } from './outbox-queries.ts'
import { lockReservation, type ReservationRow, updateReservation } from './queries.ts'
import type { ChangeProgress } from './waiting-changes.ts'

/** What saying it again came to. */
export type Again =
  /** It still had to go out, and goes now. */
  | { is: 'hastened' }
  /** It had been dealt with: the outside is brought to the reservation's present state once more. */
  | { is: 'announced' }
  /** It holds no room since it failed: it has to be submitted anew. */
  | { is: 'failed' }
  /** There is nothing that could go out. */
  | { is: 'refused'; say: string }

/**
 * Lets a change go out again, in the caller's transaction; wake its lane after the commit. Doing it twice changes nothing: whoever
 * carries it out compares with what is outside.
 *
 * It is still the change of whoever made it: it is carried out with the permission that was to be used then, never with that of
 * whoever asks for it again.
 */
export async function announceAgain(trx: Database, change: ChangeProgress, now: Date): Promise<Again> {
  const row = await lockReservation(trx, change.reservationId)
  if (!row) return { is: 'refused', say: 'The reservation does not exist any more.' }
  if ((await updateGoesNow(trx, row.id, now)) > 0) return { is: 'hastened' }
  if (row.state === 'failed') return { is: 'failed' }
  const refusal = whyNot(row)
  if (refusal !== null) return { is: 'refused', say: refusal }
  const { actorId, source } = change
  await updateReservation(trx, row.id, { sync_state: 'sync_enqueued' })
  await announce(trx, row, { action: actionFor(row), actorId, source, now })
  return { is: 'announced' }
}

function whyNot({ state, sync_mailbox: mailbox }: ReservationRow): string | null {
  if (state === 'draft') return 'It is a draft, which is in nobody’s calendar. Whoever made it submits it.'
  if (mailbox === null) return 'The room was in no calendar but Anteroom’s own when this was reserved.'
  return null
}

function actionFor({ state, in_calendar: isThere }: ReservationRow): OutboxRow['action'] {
  if (state === 'cancelled') return 'cancel'
  if (state === 'rejected' || state === 'expired') return 'release'
  return isThere ? 'update' : 'create'
}
