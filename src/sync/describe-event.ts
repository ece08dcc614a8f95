import type { Database } from '#db/database.ts'
import { findPersonNames } from '#people/person-name.ts'
import { findWholeReservations, type WholeReservation } from '#reservations/reservation.ts'
import { type ChangeProgress, findChanges } from '#reservations/waiting-changes.ts'
import { sayEvent } from './say-event.ts'
import type { SubState, SyncEvent } from './sync-event.contract.ts'
import { selectSyncEvents } from './sync-event-list-queries.ts'
import type { SyncEventRow } from './sync-event-queries.ts'

/** A sync event with everything it is about; without a row of its own while nobody has begun with it. */
export type WholeEvent = {
  seq: string
  row: SyncEventRow | null
  change: ChangeProgress | null
  whole: WholeReservation
  /** Who has to give permission, where that is what it waits for. */
  waitsFor: string | null
}

/** Sync events by their numbers, in the order of these: four statements for any number of them. */
export async function wholeEvents(db: Database, seqs: readonly string[]): Promise<WholeEvent[]> {
  const rows = new Map((await selectSyncEvents(db, seqs)).map((row) => [row.seq, row]))
  const changes = await findChanges(db, seqs)
  const idOf = (seq: string) => rows.get(seq)?.reservation_id ?? changes.get(seq)?.reservationId
  const wholes = await findWholeReservations(db, [...new Set(seqs.flatMap((seq) => idOf(seq) ?? []))])
  const waitedFor = [...changes.values()].flatMap(({ waitsForPermissionOf }) => waitsForPermissionOf ?? [])
  const people = await findPersonNames(db, waitedFor)
  return seqs.flatMap((seq) => {
    const whole = wholes.get(idOf(seq) ?? '')
    if (!whole) return []
    const change = changes.get(seq) ?? null
    const waitsFor = people.get(change?.waitsForPermissionOf ?? '')?.displayName ?? null
    return [{ seq, row: rows.get(seq) ?? null, change, whole, waitsFor }]
  })
}

export function describeEvent({ seq, row, change, whole, waitsFor }: WholeEvent, now: Date): SyncEvent {
  const state = row?.state ?? 'new'
  const subState = (row?.sub_state ?? null) as SubState | null
  const made = row?.created_at ?? change?.createdAt ?? now
  const { row: reservation, room } = whole
  return {
    seq,
    state,
    subState,
    say: sayEvent({
      state,
      subState,
      roomName: room.name,
      mailbox: row?.mailbox ?? null,
      errorSay: row?.last_error_say ?? null,
      waitsFor,
    }),
    action: row?.action ?? change?.action ?? 'update',
    reservation: {
      id: reservation.id,
      subject: reservation.subject,
      startsAt: reservation.starts_at.toISOString(),
      endsAt: reservation.ends_at.toISOString(),
      timeZone: reservation.time_zone,
      state: reservation.state,
    },
    room: { id: room.id, name: room.name },
    mailbox: row?.mailbox ?? null,
    identity: row?.identity ?? null,
    actsAs: row?.acts_as ?? null,
    attempts: row?.attempts ?? 0,
    errorCode: row?.last_error_code ?? null,
    createdAt: made.toISOString(),
    updatedAt: (row?.updated_at ?? made).toISOString(),
    processedAt: row?.processed_at?.toISOString() ?? null,
    nextAttemptAt: nextAttempt(change, now),
  }
}

/** Only what waits for its time has one. */
function nextAttempt(change: ChangeProgress | null, now: Date): string | null {
  if (change === null || change.doneAt !== null || change.waitsForPermissionOf !== null) return null
  return change.notBefore > now ? change.notBefore.toISOString() : null
}
