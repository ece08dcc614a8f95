import type { Database } from '#db/database.ts'
import type { Seams } from '#kit/seams.ts'
import type { ReservationState } from './contract.ts'
import { type Happening, recordHistory } from './history.ts'
import { lockReservation, type ReservationRow, updateReservation } from './queries.ts'
import { mayBecome } from './state.ts'

/** What came back from outside: the state it puts a reservation in, the sentence shown with it, and the timeline's line. */
export type Settlement = {
  /** The reservation as it was when the outside was asked. */
  seen: Pick<ReservationRow, 'id' | 'version'>
  to: ReservationState
  /** Null when the state needs no explanation. */
  reason: string | null
  line: Happening
}

/**
 * For what befell the very change that is on its way out: it was refused for good, or its event was deleted outside. Counts also when
 * the person changed something else meanwhile, unless they cancelled.
 *
 * @returns whether anything changed; then publish it after the commit.
 */
export async function settleChange(
  trx: Database,
  seams: Pick<Seams, 'newId' | 'now'>,
  { seen, to, reason, line }: Settlement,
): Promise<boolean> {
  const row = await lockReservation(trx, seen.id)
  if (!row || !mayBecome(row.state, to) || row.state === to) return false
  await writeState(trx, seams, { row, to, reason, line })
  return true
}

type Write = { row: ReservationRow; to: ReservationState; reason: string | null; line: Happening }

async function writeState(
  trx: Database,
  seams: Pick<Seams, 'newId' | 'now'>,
  { row, to, reason, line }: Write,
): Promise<void> {
  await updateReservation(trx, row.id, { state: to, state_reason: reason, updated_at: seams.now() })
  await recordHistory(trx, seams, { reservationId: row.id, ...line })
}

export type SyncState = ReservationRow['sync_state']

/** How far the calendar is with it: whether the meeting is there now, and whether it agrees. */
export function noteSync(
  trx: Database,
  reservationId: string,
  { inCalendar, syncState }: { inCalendar?: boolean; syncState: SyncState },
): Promise<void> {
  const there = inCalendar === undefined ? {} : { in_calendar: inCalendar }
  return updateReservation(trx, reservationId, { ...there, sync_state: syncState })
}

/** It was submitted, and the permission is gone: it keeps the room and says what is needed, until `continueDrafts`. */
export async function notePermissionNeeded(
  trx: Database,
  seams: Pick<Seams, 'newId' | 'now'>,
  { reservationId, credentialId, say }: { reservationId: string; credentialId: string; say: string },
): Promise<void> {
  const row = await lockReservation(trx, reservationId)
  const reason = row?.state === 'cancelled' ? {} : { state_reason: say }
  await updateReservation(trx, reservationId, {
    permission_credential_id: credentialId,
    permission_say: say,
    ...reason,
  })
  const line = { kind: 'permission_needed', sentence: say, details: { credentialId } }
  await recordHistory(trx, seams, { reservationId, ...line })
}
