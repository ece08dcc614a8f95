import type { GraphEvent } from '#graph/event.ts'
import type { GraphOutcome } from '#graph/graph-problem.ts'
import type { Lease } from '#jobs/lease.ts'
import { underLease } from '#jobs/under-lease.ts'
import type { Urgency } from '#pace/pace.ts'
import { actAsPerson, mailboxFor } from '#providers/acting.ts'
import { findRoomSync, type RoomSync } from '#providers/room-sync.ts'
import { isWatched, tellsAtOnce } from '#watch/is-watched.ts'
import { compareCopyAgain, roomEventsOfMeeting } from '#watch/room-event.ts'
import type { SyncDeps } from './deps.ts'
import { isPartOf } from './event-draft.ts'
import { lookSoon } from './jobs.ts'
import { wakeIfWaiting } from './lane.ts'
import { updateLink } from './link-queries.ts'
import { findMeeting, type Meeting } from './meeting.ts'
import { nextLookMs } from './next-look.ts'
import { addressOf, type Organizer, readerFor, readLinked } from './organizer.ts'
import { organizerView } from './organizer-view.ts'
import type { Plan } from './plan.ts'
import { reconcile } from './reconcile.ts'
import { verifyMeeting } from './verify.ts'

/** When the event cannot be read for now: a permission that is gone comes back by a person, not by asking. */
const lookAgainAfterTroubleMs = 60_000

/**
 * Where one mailbox organises for everybody, writes and looks meet there: a room cannot answer what it was not asked, so writes go first,
 * unless somebody has opened the page.
 */
function urgencyOf(openedBy: string | null): Urgency {
  return openedBy === null ? 'bulk' : 'interactive'
}

/** While another process works in the lane of this room. */
const busyLaneMs = 300
const leaseMs = 10_000

export type LookFor = {
  reservationId: string
  /** Somebody has opened its page: it is read afresh, whenever it was due. */
  openedBy?: string | null | undefined
}

/**
 * Looks at a reservation's event in the organizer's calendar: what the room has answered, and whether the meeting is still there. It
 * follows a write of ours at once and goes on while nobody watches the room; a watched room tells by itself.
 */
export async function look(deps: SyncDeps, { reservationId, openedBy = null }: LookFor): Promise<void> {
  const meeting = await findMeeting(deps.db, reservationId)
  if (!meeting || (meeting.link.event_id === null && meeting.link.i_cal_uid === null)) return
  const nextLookAt = meeting.link.next_look_at
  if (openedBy === null) {
    if (nextLookAt === null) return
    const dueInMs = nextLookAt.getTime() - deps.seams.now().getTime()
    if (dueInMs > 0) return lookSoon(deps, reservationId, dueInMs)
  }
  const sync = await findRoomSync(deps.db, meeting.whole.row.room_id)
  if (sync === null) return lookAgain(deps, reservationId, null)
  const tells = await isWatched(deps.db, sync.roomId, deps.seams.now())
  const watched = tells && (await wasSeen(deps, meeting))
  if (openedBy === null && isSettled(deps, meeting, watched)) return lookAgain(deps, reservationId, null)
  if (tells && !watched && (await verifyMeeting(deps, meeting, sync))) return wakeIfWaiting(deps, sync.roomId)
  const organizer = await readerOf(deps, { meeting, sync, watched, openedBy })
  if (organizer === null) {
    if (openedBy !== null) return
    return lookAgain(deps, reservationId, watched ? null : lookAgainAfterTroubleMs)
  }
  const read = await readLinked(organizer, meeting.link)
  if (read.is === 'problem') return lookAgain(deps, reservationId, read.retryAfterMs ?? lookAgainAfterTroubleMs)
  await concludeInLane(deps, { meeting, organizer, watched, read })
}

/** A watched room tells of a meeting once its copy has been seen there: one that came and went between two readings is missed by nobody. */
async function wasSeen({ db }: SyncDeps, { whole, link }: Meeting): Promise<boolean> {
  const copies = link.i_cal_uid === null ? [] : await roomEventsOfMeeting(db, link.i_cal_uid)
  return copies.some(({ roomId }) => roomId === whole.row.room_id)
}

/** How long after a write the event is looked at all the same. */
const justAskedMs = 30_000

/** Nothing more is awaited since it was looked at last: it is over, or the room tells of what comes. */
function isSettled({ seams }: SyncDeps, { whole: { row }, link }: Meeting, watched: boolean): boolean {
  const now = seams.now()
  const askedAt = link.asked_at ?? now
  const isOld = now.getTime() - askedAt.getTime() > justAskedMs
  return isOld && nextLookMs(row.state, { askedAt, endsAt: row.ends_at, now, watched }) === null
}

type ForReader = { meeting: Meeting; sync: RoomSync; watched: boolean; openedBy: string | null }

/**
 * Who looks. A person's own permission is used only for what follows from what they did themselves: the answer to their request while
 * it is awaited, or the page of their own meeting that they have just opened.
 */
async function readerOf(deps: SyncDeps, { meeting, sync, watched, openedBy }: ForReader): Promise<Organizer | null> {
  const { row } = meeting.whole
  const address = addressOf(meeting, sync.provider)
  const urgency = urgencyOf(openedBy)
  const reader = await readerFor(deps, { provider: sync.provider, address, urgency })
  if (reader !== null) return reader
  if (row.requested_for_id === null || sync.provider.mode !== 'personal' || row.sync_mailbox !== 'user') return null
  const isAwaited =
    row.state === 'awaiting_confirmation' ||
    (row.state === 'awaiting_approval' && !(watched && (await tellsAtOnce(deps.db, sync.roomId, deps.seams.now()))))
  const followsOwnAct = row.source !== 'outlook' && (isAwaited || !watched)
  if (!followsOwnAct && openedBy !== row.requested_for_id) return null
  const acting = await actAsPerson(deps, row.requested_for_id, urgency)
  return acting.is === 'ready' ? { is: 'ready', acting, mailbox: mailboxFor(acting, address), address } : null
}

type Looked = {
  meeting: Meeting
  organizer: Organizer
  watched: boolean
  read: Extract<GraphOutcome<GraphEvent | null>, { is: 'ok' }>
}

async function concludeInLane(deps: SyncDeps, looked: Looked): Promise<void> {
  const { db, seams } = deps
  const { id, room_id: roomId } = looked.meeting.whole.row
  const lane = `reservations ${roomId}`
  const concluded = await underLease({ db, lane, ttlMs: leaseMs, newId: seams.newId, wait: seams.wait }, (lease) =>
    conclude(deps, looked, lease),
  )
  if (concluded === null) return lookAgain(deps, id, busyLaneMs)
  await wakeIfWaiting(deps, roomId)
}

async function conclude(deps: SyncDeps, { meeting, organizer, watched, read }: Looked, lease: Lease) {
  const { id } = meeting.whole.row
  const today = await findMeeting(deps.db, id)
  // A change that went out meanwhile has asked for a look of its own, and what was read may be the answer to what it was before.
  if (today?.link.updated_at.getTime() !== meeting.link.updated_at.getTime()) return 'overtaken' as const
  const { whole } = today
  const seen = read.value && organizerView(read.value, whole.room.mailbox, (address) => isPartOf(whole, address))
  const { plan: decided, done } = await reconcile(deps, {
    meeting: today,
    seen: { organizer: seen ?? 'gone', room: null },
    facts: { now: deps.seams.now(), roomIsHeld: false, isElsewhere: false, mayBeOurs: false, copyMayBeOld: false },
    lease,
    identity: organizer.acting.identity,
    requestId: read.requestId,
    roomEvent: null,
    asker: organizer.acting,
  })
  if (done && isBackwards(decided)) await askTheRoomToo(deps, today)
  await arrangeNext(deps, id, watched)
  return 'concluded' as const
}

/** How long the mail that tells the organizer of an answer usually takes. */
const tallyFollowsMs = 30_000

/** An answer taken back, or no: the organizer's tally says so, and may be behind what the room has said since. */
function isBackwards(decided: Plan): boolean {
  if (decided.do === 'end') return decided.as === 'declined'
  return decided.do === 'take' && decided.changes.answer !== undefined && decided.changes.answer !== 'accepted'
}

async function askTheRoomToo({ db, seams }: SyncDeps, { whole, link }: Meeting): Promise<void> {
  if (link.i_cal_uid === null) return
  const at = new Date(seams.now().getTime() + tallyFollowsMs)
  await compareCopyAgain(db, { roomId: whole.row.room_id, iCalUId: link.i_cal_uid, at })
}

async function arrangeNext(deps: SyncDeps, reservationId: string, watched: boolean): Promise<void> {
  const meeting = await findMeeting(deps.db, reservationId)
  if (!meeting) return
  const now = deps.seams.now()
  const { row } = meeting.whole
  const waitMs = nextLookMs(row.state, { askedAt: meeting.link.asked_at ?? now, endsAt: row.ends_at, now, watched })
  await lookAgain(deps, reservationId, waitMs)
}

async function lookAgain(deps: SyncDeps, reservationId: string, afterMs: number | null): Promise<void> {
  const next = afterMs === null ? null : new Date(deps.seams.now().getTime() + afterMs)
  await updateLink(deps.db, reservationId, { next_look_at: next })
  if (afterMs !== null) await lookSoon(deps, reservationId, afterMs)
}
