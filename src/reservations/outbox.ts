import type { Database } from '#db/database.ts'
import {
  existsCreateUnderWay,
  finishAll,
  finishThrough,
  insertOutbox,
  type OutboxRow,
  selectNext,
  selectNextMoment,
  selectUndone,
  selectWaitingLanes,
  updatePostponed,
  updateWaitsForPermission,
} from './outbox-queries.ts'
import type { ReservationRow } from './queries.ts'
import type { TimeSpan } from './wished-time.ts'

/**
 * What has been changed here and is not yet known outside: written in the transaction of the change, drained in sequence per
 * lane by whoever keeps calendars in step. The lane is the room.
 *
 * A row says only *that* a reservation changed; whoever drains brings the outside to the reservation's present state. So doing
 * a row twice, or one row for several changes, comes to the same.
 */
export type OutboxEntry = {
  seq: string
  reservationId: string
  lane: string
  action: OutboxRow['action']
  /** Whose change it was; null when it came from nobody of ours. */
  actorId: string | null
  /** How it was asked for. */
  source: OutboxRow['source']
  createdAt: Date
  /** Failed attempts so far. */
  attempts: number
}

export type Announcement = {
  action: OutboxRow['action']
  actorId: string | null
  source: OutboxRow['source']
  now: Date
  /** The time that the room gets back by this. */
  frees?: TimeSpan
}

/** Notes a change, in its transaction. Call `deps.wake` after the commit. */
export async function announce(
  trx: Database,
  reservation: Pick<ReservationRow, 'id' | 'room_id' | 'generation'>,
  { action, actorId, source, now, frees }: Announcement,
): Promise<void> {
  await insertOutbox(trx, {
    reservation_id: reservation.id,
    lane: reservation.room_id,
    action,
    generation: reservation.generation,
    actor_id: actorId,
    source,
    frees_from: frees?.startsAt ?? null,
    frees_until: frees?.endsAt ?? null,
    not_before: now,
    waits_for_permission_of: null,
    created_at: now,
    done_at: null,
  })
}

/** The next change of a lane that may go out now, or null. It stays where it is until it is finished. */
export async function nextChange(db: Database, lane: string, now: Date): Promise<OutboxEntry | null> {
  const row = await selectNext(db, lane, now)
  if (!row) return null
  return entryOf(row)
}

function entryOf(row: OutboxRow): OutboxEntry {
  return {
    seq: row.seq,
    reservationId: row.reservation_id,
    lane: row.lane,
    action: row.action,
    actorId: row.actor_id,
    source: row.source,
    createdAt: row.created_at,
    attempts: row.attempts,
  }
}

/** When a lane has to be looked at again because something waits for its time; null when nothing does. */
export function nextMoment(db: Database, lane: string, now: Date): Promise<Date | null> {
  return selectNextMoment(db, lane, now)
}

/** Lanes with something to do now: for the sweep that repairs what a crash forgot. */
export function waitingLanes(db: Database, now: Date): Promise<string[]> {
  return selectWaitingLanes(db, now, 500)
}

/** Is a change of this reservation still on its way out? Then what is read outside is not its answer. */
export async function isBeingChanged(db: Database, reservationId: string): Promise<boolean> {
  return (await selectUndone(db, reservationId)).length > 0
}

/** Changes of a reservation that are still on their way out, the oldest first. */
export async function changesUnderWay(db: Database, reservationId: string): Promise<OutboxEntry[]> {
  return (await selectUndone(db, reservationId)).map(entryOf)
}

/** Is one of ours for this room and time on its way out, and not known to have arrived? */
export function isBeingMade(
  db: Database,
  { roomId, startsAt, endsAt }: { roomId: string; startsAt: Date; endsAt: Date },
): Promise<boolean> {
  return existsCreateUnderWay(db, { lane: roomId, startsAt, endsAt })
}

/** What was waiting to go out is no longer wanted: Outlook said otherwise. */
export function dropChanges(
  trx: Database,
  { reservationId, now }: { reservationId: string; now: Date },
): Promise<void> {
  return finishAll(trx, reservationId, now)
}

/** The outside knows everything about the reservation up to this change. */
export function finishChange(trx: Database, { seq, reservationId }: OutboxEntry, now: Date): Promise<void> {
  return finishThrough(trx, { reservationId, seq, now })
}

/** It did not work; not again before this moment. Counts as an attempt. */
export function postponeChange(trx: Database, { seq }: OutboxEntry, notBefore: Date): Promise<void> {
  return updatePostponed(trx, seq, notBefore)
}

/** It cannot go on without this person, and holds up nobody else until `continueDrafts`. */
export function waitForPermission(trx: Database, { seq }: OutboxEntry, userId: string): Promise<void> {
  return updateWaitsForPermission(trx, seq, userId)
}
