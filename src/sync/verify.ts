import { findEventByUid } from '#graph/events.ts'
import type { Lease } from '#jobs/lease.ts'
import { underLease } from '#jobs/under-lease.ts'
import { type Acting, actAsSystem, findWatchers, mailboxFor } from '#providers/acting.ts'
import { findRoomSync, type RoomSync } from '#providers/room-sync.ts'
import { isBeingChanged } from '#reservations/outbox.ts'
import { reservationsInCalendar } from '#reservations/reservation.ts'
import { uidsInWindow } from '#watch/room-event.ts'
import type { SyncDeps } from './deps.ts'
import { findMeeting, type Meeting } from './meeting.ts'
import { reconcile } from './reconcile.ts'

export type Verifying = { roomId: string; startsAt: Date; endsAt: Date }

/** How long a room may take to get a copy of what was just written: the mail that tells it takes seconds, Exchange's bad days minutes. */
const justWrittenMs = 10 * 60_000

/** One list may come back empty although nothing was deleted. */
const askAgainAfterMs = 2_000

/** Of a room that was read in full, at most so many are asked for at once; the next reading goes on. */
const atOnce = 50

const leaseMs = 10_000

/**
 * The other direction of a comparison: reservations whose meeting should be in a room's calendar, and of which nothing was ever seen there. They
 * may have ended before anybody watched. Each is asked for by itself, since missing is not deleted.
 *
 * @returns how many were not there.
 */
export async function verifyRoom(deps: SyncDeps, { roomId, ...window }: Verifying): Promise<number> {
  const sync = await findRoomSync(deps.db, roomId)
  const reader = sync && (await readerOfRoom(deps, sync))
  if (sync === null || reader === null) return 0
  const seen = await uidsInWindow(deps.db, roomId, window)
  const unseen: Meeting[] = []
  for (const { row } of await reservationsInCalendar(deps.db, roomId, window)) {
    const meeting = await findMeeting(deps.db, row.id)
    if (meeting?.link.i_cal_uid && !seen.has(meeting.link.i_cal_uid) && !isFresh(deps, meeting)) unseen.push(meeting)
    if (unseen.length === atOnce) break
  }
  let absent = 0
  for (const meeting of unseen) if (await verify(deps, { meeting, reader, sync })) absent++
  return absent
}

function isFresh({ seams }: SyncDeps, { link }: Meeting): boolean {
  return link.asked_at !== null && seams.now().getTime() - link.asked_at.getTime() < justWrittenMs
}

async function readerOfRoom(deps: SyncDeps, { provider }: RoomSync): Promise<Acting | null> {
  for (const one of await findWatchers(deps, provider, 'bulk')) if (one.is === 'ready') return one
  return null
}

/** The same for one reservation whose meeting nobody has seen in its room yet. @returns whether it was not there. */
export async function verifyMeeting(deps: SyncDeps, meeting: Meeting, sync: RoomSync): Promise<boolean> {
  if (meeting.link.i_cal_uid === null || isFresh(deps, meeting)) return false
  const reader = await readerOfRoom(deps, sync)
  return reader !== null && verify(deps, { meeting, reader, sync })
}

/** Does the room have its copy of a meeting now? Null when nobody may ask, or there was no answer. */
export async function hasCopy(deps: SyncDeps, { whole, link }: Meeting, sync: RoomSync): Promise<boolean | null> {
  const reader = await readerOfRoom(deps, sync)
  if (reader === null || link.i_cal_uid === null) return null
  const found = await findEventByUid(reader.graph, mailboxFor(reader, whole.room.mailbox), link.i_cal_uid)
  return found.is === 'ok' ? !isAbsent(found) : null
}

type Verify = { meeting: Meeting; reader: Acting; sync: RoomSync }

async function verify(deps: SyncDeps, { meeting, reader, sync }: Verify): Promise<boolean> {
  const { whole, link } = meeting
  const mailbox = mailboxFor(reader, whole.room.mailbox)
  const { db, seams } = deps
  const first = await findEventByUid(reader.graph, mailbox, link.i_cal_uid ?? '')
  if (!isAbsent(first)) return false
  await seams.wait(askAgainAfterMs)
  const found = await findEventByUid(reader.graph, mailbox, link.i_cal_uid ?? '')
  if (!isAbsent(found)) return false
  const lane = `reservations ${sync.roomId}`
  const room = found.value === null ? 'deleted' : 'cancelled'
  const absent = { meeting, room, requestId: found.requestId, identity: reader.identity, sync } as const
  const settled = await underLease({ db, lane, ttlMs: leaseMs, newId: seams.newId, wait: seams.wait }, (lease) =>
    settle(deps, absent, lease),
  )
  return settled ?? false
}

type Found = Awaited<ReturnType<typeof findEventByUid>>

/** Not there, or there as cancelled. */
function isAbsent(found: Found): found is Extract<Found, { is: 'ok' }> {
  return found.is === 'ok' && (found.value === null || found.value.isCancelled)
}

type Absent = {
  meeting: Meeting
  room: 'deleted' | 'cancelled'
  requestId: string | null
  identity: string
  sync: RoomSync
}

async function settle(deps: SyncDeps, absent: Absent, lease: Lease): Promise<boolean> {
  const { meeting, room, requestId, identity, sync } = absent
  const { id } = meeting.whole.row
  const today = await findMeeting(deps.db, id)
  const changedMeanwhile = today?.link.updated_at.getTime() !== meeting.link.updated_at.getTime()
  if (!today || changedMeanwhile || (await isBeingChanged(deps.db, id))) return false
  const system = await actAsSystem(deps, sync.provider)
  const { done } = await reconcile(deps, {
    meeting: today,
    seen: { organizer: null, room },
    facts: { now: deps.seams.now(), roomIsHeld: false, isElsewhere: false, mayBeOurs: false, copyMayBeOld: false },
    lease,
    identity,
    requestId,
    roomEvent: null,
    asker: system.is === 'ready' ? system : null,
  })
  return done
}
