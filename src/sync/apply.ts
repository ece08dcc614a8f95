import { transaction } from '#db/transaction.ts'
import { assertFence, type Lease, LeaseLost } from '#jobs/lease.ts'
import { actAsSystem } from '#providers/acting.ts'
import type { RoomSync } from '#providers/room-sync.ts'
import { isBeingMade } from '#reservations/outbox.ts'
import { settleConflicts } from '#reservations/outside.ts'
import { isRoomHeld } from '#reservations/overlap.ts'
import { findRoom } from '#rooms/room.ts'
import {
  dueRoomEvents,
  notePlanned,
  notePlanPostponed,
  type RoomEvent,
  roomEventsOfMeeting,
} from '#watch/room-event.ts'
import { adopt } from './adopt.ts'
import type { SyncDeps } from './deps.ts'
import { isPartOf } from './event-draft.ts'
import { growingWaitMs } from './failure.ts'
import { findMeetingInRoom, type Meeting } from './meeting.ts'
import { addressOf, isItemNotFound, readerFor, readLinked } from './organizer.ts'
import { organizerView } from './organizer-view.ts'
import { type Plan, plan } from './plan.ts'
import { reconcile } from './reconcile.ts'
import type { OrganizerSeen, Seen } from './seen.ts'
import { hasCopy } from './verify.ts'

type ApplyRoom = {
  sync: RoomSync
  lease: Lease
  /** Done after each meeting: what people changed here meanwhile does not wait until the whole calendar is compared. */
  between: () => Promise<void>
}

/**
 * Compares what has been read of a room's calendar with its reservations, one meeting at a time: each settles in its own transaction, and
 * one that cannot be handled holds up no other.
 */
export async function applyRoom(deps: SyncDeps, { sync, lease, between }: ApplyRoom): Promise<void> {
  for (const event of await dueRoomEvents(deps.db, sync.roomId, deps.seams.now())) {
    try {
      await applyEvent(deps, { sync, lease, event })
    } catch (cause) {
      if (cause instanceof LeaseLost) throw cause
      await postpone(deps, event, cause)
    }
    await between()
  }
  const settled = await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    return settleConflicts(trx, deps.seams, sync.roomId)
  })
  for (const { id, userId } of settled) deps.publish({ topic: 'reservation', id, userId })
}

type Applying = { sync: RoomSync; lease: Lease; event: RoomEvent }

async function applyEvent(deps: SyncDeps, applying: Applying): Promise<void> {
  const { sync, event, lease } = applying
  const copies = await roomEventsOfMeeting(deps.db, event.iCalUId)
  // The room may have given a meeting back and taken it again: then the copy that is there counts.
  if (event.goneAt !== null && copies.some((copy) => copy.roomId === event.roomId && copy.goneAt === null)) {
    return noteNothing(deps, applying, 'replaced_by_newer_copy')
  }
  const meeting = await findMeetingInRoom(deps.db, { roomId: sync.roomId, iCalUId: event.iCalUId })
  const read = await readOrganizer(deps, { sync, event, meeting })
  if (read.is === 'later') return postponeFor(deps, event, read)
  const isThere = meeting && isOlderThanEnd(event, meeting) ? await hasCopy(deps, meeting, sync) : true
  const seen: Seen = { organizer: read.organizer, room: isThere === false ? 'deleted' : roomSide(event) }
  const now = deps.seams.now()
  const isElsewhere = copies.some((copy) => copy.roomId !== event.roomId && copy.goneAt === null)
  const span = { startsAt: event.startsAt, endsAt: event.endsAt }
  const except = meeting?.whole.row.id ?? null
  const mayBeOurs = meeting === null && (await isBeingMade(deps.db, { roomId: sync.roomId, ...span }))
  const facts = {
    now,
    isElsewhere,
    mayBeOurs,
    copyMayBeOld: isThere === null,
    roomIsHeld: await isRoomHeld(deps.db, { roomId: sync.roomId, span, except }),
  }
  const decided = meeting
    ? await settle(deps, { ...applying, meeting, seen, facts, read })
    : plan({ ours: null, seen, base: null, facts })
  if (decided.do === 'wait') return postponeFor(deps, event, { code: decided.why, say: '', waitMs: decided.forMs })
  if (decided.do === 'adopt') return adopt(deps, { sync, lease, event, seen, read, why: decided.why })
  if (meeting === null) await noteNothing(deps, applying, decided.why)
}

type Settle = Applying & {
  meeting: Meeting
  seen: Seen
  facts: Parameters<typeof plan>[0]['facts']
  read: OrganizerRead
}

async function settle(deps: SyncDeps, { meeting, seen, facts, lease, event, read, sync }: Settle): Promise<Plan> {
  const system = await actAsSystem(deps, sync.provider)
  const asker = system.is === 'ready' ? system : null
  const { identity, requestId } = read
  const { plan: decided, done } = await reconcile(deps, {
    meeting,
    seen,
    facts,
    lease,
    identity: identity ?? asker?.identity ?? null,
    requestId,
    roomEvent: event,
    asker,
  })
  // Somebody changed it here while it was compared: it is due still, and compared with what it is now.
  if (!done && decided.do !== 'wait' && decided.do !== 'adopt')
    return { do: 'wait', why: 'change_on_its_way', forMs: 500 }
  return decided
}

/** The copy was read before the meeting ended, and may be over with it: a room that lost its copy does not always tell. */
function isOlderThanEnd({ goneAt, changedAt }: RoomEvent, { link }: Meeting): boolean {
  return goneAt === null && link.ended_by === 'outlook' && changedAt <= link.updated_at
}

function roomSide(event: RoomEvent): Seen['room'] {
  if (event.goneAt !== null) return event.goneWhy ?? 'deleted'
  return { startsAt: event.startsAt, endsAt: event.endsAt, view: event.view }
}

export type OrganizerRead = {
  is: 'read'
  organizer: OrganizerSeen | 'gone' | null
  /** Where the organizer's event was found; null when it was not read or is gone. */
  eventId: string | null
  identity: string | null
  requestId: string | null
}

type Later = { is: 'later'; code: string; say: string; waitMs: number | null }

const notRead: OrganizerRead = { is: 'read', organizer: null, eventId: null, identity: null, requestId: null }

/** The organizer's event, where the system may read it. A mailbox that is none of ours, or that we may not see, says nothing. */
async function readOrganizer(
  deps: SyncDeps,
  { sync, event, meeting }: { sync: RoomSync; event: RoomEvent; meeting: Meeting | null },
): Promise<OrganizerRead | Later> {
  const address = meeting ? addressOf(meeting, sync.provider) : (event.view.organizer?.address ?? '')
  // People who write in that mailbox go first: one mailbox may organise for everybody.
  const reader = address === '' ? null : await readerFor(deps, { provider: sync.provider, address, urgency: 'bulk' })
  if (reader === null) return notRead
  const link = meeting?.link ?? { reservation_id: '', event_id: null, i_cal_uid: event.iCalUId }
  const found = await readLinked(reader, { ...link, i_cal_uid: link.i_cal_uid ?? event.iCalUId })
  const { identity } = reader.acting
  if (found.is === 'problem') {
    if (found.status === 404 && !isItemNotFound(found)) return notRead
    if (found.status === 403) return notRead
    return { is: 'later', code: found.code, say: found.message, waitMs: found.retryAfterMs }
  }
  const { requestId } = found
  if (found.value === null) return { is: 'read', organizer: 'gone', eventId: null, identity, requestId }
  const room = await findRoom(deps.db, sync.roomId)
  const partOf = meeting ? (one: string) => isPartOf(meeting.whole, one) : () => false
  const organizer = organizerView(found.value, room?.mailbox ?? '', partOf)
  return { is: 'read', organizer, eventId: found.value.id, identity, requestId }
}

async function noteNothing(deps: SyncDeps, { event, lease }: Applying, why: string): Promise<void> {
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    const { reservationId } = event
    await notePlanned(trx, event, { decision: 'nothing', why, reservationId, now: deps.seams.now() })
  })
}

async function postpone(deps: SyncDeps, event: RoomEvent, cause: unknown): Promise<void> {
  const problem = String(cause)
  deps.log.error({ roomEventId: event.id, problem }, 'sync: a calendar item could not be handled')
  await postponeFor(deps, event, { code: 'sync.our_fault', say: problem, waitMs: null })
}

async function postponeFor(
  deps: SyncDeps,
  event: RoomEvent,
  { code, say, waitMs }: { code: string; say: string; waitMs: number | null },
): Promise<void> {
  const growing = growingWaitMs({ attempts: event.planAttempts, jitter: jitterOf(deps) })
  const until = new Date(deps.seams.now().getTime() + (waitMs ?? growing))
  await notePlanPostponed(deps.db, event, { code, say, until })
}

function jitterOf({ seams }: SyncDeps): number {
  return (seams.randomBytes(1)[0] ?? 0) / 255
}
