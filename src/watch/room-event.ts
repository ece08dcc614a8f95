import type { Database } from '#db/database.ts'
import { selectUidsInWindow } from './mirror-queries.ts'
import {
  type RoomEventRow,
  selectDueRoomEvents,
  selectNextPlanMoment,
  selectRoomEventsOfMeeting,
  selectRoomsWithDueEvents,
  updateDueOfMeeting,
  updateRoomEventAsSeen,
} from './room-event-queries.ts'
import { type RoomView, roomView } from './room-view.ts'

/** One event of a watched room's calendar as it was last read: a calendar item. */
export type RoomEvent = {
  id: string
  roomId: string
  eventId: string
  iCalUId: string
  etag: string
  digest: string
  startsAt: Date
  endsAt: Date
  view: RoomView
  /** Since when it is known to be no longer there, and how; null while it is. */
  goneAt: Date | null
  goneWhy: 'deleted' | 'cancelled' | null
  firstSeenAt: Date
  changedAt: Date
  /** Failed attempts to compare it. */
  planAttempts: number
  reservationId: string | null
}

const dueMax = 100

/** What of a room's calendar is to be compared with the reservations now. */
export async function dueRoomEvents(db: Database, roomId: string, now: Date): Promise<RoomEvent[]> {
  return (await selectDueRoomEvents(db, { roomId, now, limit: dueMax })).map(roomEventOf)
}

/** When something of this room is due next; null when nothing waits. */
export function nextPlanMoment(db: Database, roomId: string): Promise<Date | null> {
  return selectNextPlanMoment(db, roomId)
}

/** Rooms with something due, for the sweep that repairs what a crash forgot. */
export function roomsWithDueEvents(db: Database, now: Date): Promise<string[]> {
  return selectRoomsWithDueEvents(db, now, 500)
}

/** The iCalUIds of everything that is known in a room within a window: what is not among them was never seen there. */
export async function uidsInWindow(
  db: Database,
  roomId: string,
  window: { startsAt: Date; endsAt: Date },
): Promise<ReadonlySet<string>> {
  return new Set(await selectUidsInWindow(db, roomId, window))
}

/** Every room's copy of a meeting, by its iCalUId. */
export async function roomEventsOfMeeting(db: Database, iCalUId: string): Promise<RoomEvent[]> {
  return (await selectRoomEventsOfMeeting(db, iCalUId)).map(roomEventOf)
}

/** The room's own copy of a meeting, if it has one, is compared again at this moment. */
export function compareCopyAgain(db: Database, copy: { roomId: string; iCalUId: string; at: Date }): Promise<void> {
  return updateDueOfMeeting(db, copy)
}

export type Planned = {
  decision: string
  why: string
  reservationId: string | null
  now: Date
  /** When to compare it again although nothing has changed; never when absent. */
  againAt?: Date | null
}

/** It was compared, in the transaction of what came of it. Read anew meanwhile, it stays due. */
export function notePlanned(trx: Database, event: RoomEvent, planned: Planned): Promise<void> {
  const { decision, why, reservationId, now, againAt = null } = planned
  const outcome = { decision, decision_why: why, reservation_id: reservationId, planned_at: now }
  const cleared = { plan_due_at: againAt, plan_attempts: 0, last_error_code: null, last_error_say: null }
  return updateRoomEventAsSeen(trx, { id: event.id, changed_at: event.changedAt }, { ...outcome, ...cleared })
}

/** It could not be compared, and will be again at this moment. It holds up nothing else of the room. */
export function notePlanPostponed(
  db: Database,
  event: RoomEvent,
  { code, say, until }: { code: string; say: string; until: Date },
): Promise<void> {
  const values = { last_error_code: code, last_error_say: say.slice(0, 500), plan_due_at: until }
  const seen = { id: event.id, changed_at: event.changedAt }
  return updateRoomEventAsSeen(db, seen, { ...values, plan_attempts: event.planAttempts + 1 })
}

export function roomEventOf(row: RoomEventRow): RoomEvent {
  return {
    id: row.id,
    roomId: row.room_id,
    eventId: row.event_id,
    iCalUId: row.i_cal_uid,
    etag: row.etag,
    digest: row.digest,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    view: roomView.parse(row.view),
    goneAt: row.gone_at,
    goneWhy: row.gone_why,
    firstSeenAt: row.first_seen_at,
    changedAt: row.changed_at,
    planAttempts: row.plan_attempts,
    reservationId: row.reservation_id,
  }
}
