import { type Lease, LeaseLost } from '#jobs/lease.ts'
import { underLease } from '#jobs/under-lease.ts'
import { findWatchers, mailboxFor, type NotActing } from '#providers/acting.ts'
import { readProperty } from '#providers/property.ts'
import { findRoomSync, type RoomSync } from '#providers/room-sync.ts'
import { findRoom } from '#rooms/room.ts'
import { type Began, conclude } from './conclude.ts'
import type { WatchDeps } from './deps.ts'
import { readRoomSoon } from './jobs.ts'
import { laneOf, leaseMs } from './lane.ts'
import { newestNotification } from './notification-queries.ts'
import { readDelta } from './read-delta.ts'
import { readWindows } from './read-windows.ts'
import { type Reading, type ReadOutcome, WatchMoved } from './reading.ts'
import { coalesceMs, wholeWindow } from './schedule.ts'
import { settleMissing } from './settle-missing.ts'
import { waitForPermission } from './wait-for-permission.ts'
import { selectWatch, type WatchRow } from './watch-queries.ts'

/** While another process reads the room: it may have looked just before what we were told of. */
const busyMs = 1_000

/** What a read is for: what changed, or everything there is. */
export type ReadWhat = (deps: WatchDeps, reading: Reading) => Promise<ReadOutcome>

/**
 * Reads what changed in a room's calendar into the mirror. Level-triggered: a lost, doubled or late job changes nothing, and what is hinted
 * at during a read leads to another.
 */
export async function readRoom(deps: WatchDeps, roomId: string): Promise<void> {
  const { db, seams } = deps
  const watch = await selectWatch(db, roomId)
  if (watch === undefined || watch.state !== 'watching') return
  const notBefore = restUntil(watch)
  if (notBefore > seams.now()) {
    if (isHinted(watch)) await readRoomSoon(deps, roomId, notBefore)
    return
  }
  const read = await readInLane(deps, roomId, readByMethod)
  if (read === 'busy' && isHinted(watch)) await readRoomSoon(deps, roomId, new Date(seams.now().getTime() + busyMs))
}

/** In the room's lane, if it is free. What was lost on the way, the lane or the room, is somebody else's now. */
export async function readInLane(
  deps: WatchDeps,
  roomId: string,
  what: ReadWhat,
): Promise<ReadOutcome | 'busy' | 'not_now'> {
  const { db, seams } = deps
  const under = { db, lane: laneOf(roomId), ttlMs: leaseMs, newId: seams.newId, wait: seams.wait }
  try {
    return (await underLease(under, (lease, lost) => readUnderLease(deps, { roomId, lease, lost, what }))) ?? 'busy'
  } catch (cause) {
    if (cause instanceof LeaseLost || cause instanceof WatchMoved) return 'not_now'
    throw cause
  }
}

export function readByMethod(deps: WatchDeps, reading: Reading): Promise<ReadOutcome> {
  return reading.watch.method === 'delta' ? readDelta(deps, reading) : readWindows(deps, reading)
}

/** A read that has just begun saw what a hint before it was about, and one that failed is tried again when it was said. */
function restUntil({ attempts, next_read_at, read_at }: WatchRow): Date {
  if (attempts > 0 && next_read_at !== null) return next_read_at
  return new Date(read_at === null ? 0 : read_at.getTime() + coalesceMs)
}

function isHinted({ hints, read_hints }: WatchRow): boolean {
  return BigInt(hints) > BigInt(read_hints)
}

type Turn = { roomId: string; lease: Lease; lost: AbortSignal; what: ReadWhat }

async function readUnderLease(deps: WatchDeps, { roomId, lease, lost, what }: Turn): Promise<ReadOutcome | 'not_now'> {
  const watch = await selectWatch(deps.db, roomId)
  const sync = await findRoomSync(deps.db, roomId)
  if (watch === undefined || watch.state !== 'watching' || sync === null) return 'not_now'
  const began: Began = { at: deps.seams.now(), hints: watch.hints, seq: await newestNotification(deps.db, roomId) }
  const reading = await openReading(deps, { watch, sync, lease, lost })
  if (reading.is === 'nobody') {
    await waitForPermission(deps, { watch, lease }, reading)
    return 'not_now'
  }
  const outcome = await readAndSettle(deps, reading.reading, what)
  await conclude(deps, reading.reading, { outcome, began })
  if (outcome.is === 'read') await tellWhole(deps, watch)
  return outcome
}

async function tellWhole(deps: WatchDeps, before: WatchRow): Promise<void> {
  const after = await selectWatch(deps.db, before.room_id)
  if (!after?.whole_read_at || !after.window_starts_at || !after.window_ends_at) return
  if (after.whole_read_at.getTime() === before.whole_read_at?.getTime()) return
  await deps.wholeRead(before.room_id, { startsAt: after.window_starts_at, endsAt: after.window_ends_at })
}

/** What was missing before, too: a read that ended in between left it. */
async function readAndSettle(deps: WatchDeps, reading: Reading, what: ReadWhat): Promise<ReadOutcome> {
  const read = await what(deps, reading)
  if (read.is !== 'read') return read
  const settled = await settleMissing(deps, reading)
  return settled.is === 'read' ? { is: 'read', changed: read.changed + settled.changed } : settled
}

type Opened = { is: 'open'; reading: Reading } | { is: 'nobody'; code: string; say: string }
type Opening = { watch: WatchRow; sync: RoomSync; lease: Lease; lost: AbortSignal }

async function openReading(deps: WatchDeps, { watch, sync, lease, lost }: Opening): Promise<Opened> {
  const isUrgent = isHinted(watch) || (watch.looked_at_until !== null && watch.looked_at_until > deps.seams.now())
  const watchers = await findWatchers(deps, sync.provider, isUrgent ? 'interactive' : 'bulk')
  const same = watchers.find(
    (one) => one.is === 'ready' && one.aliasId === watch.alias_id && one.identity === watch.identity,
  )
  const room = await findRoom(deps.db, watch.room_id)
  if (same?.is !== 'ready' || room === undefined) return { is: 'nobody', ...whyNobody(watchers) }
  const whole = wholeWindow(deps.seams.now(), {
    days: await readProperty(deps.db, 'sync.horizon_days'),
    syncStartsOn: sync.provider.syncStartsOn,
    syncEndsOn: sync.provider.syncEndsOn,
  })
  const mailbox = mailboxFor(same, watch.mailbox)
  const place = { roomName: room.name, zone: room.building.timeZone, mailbox, whole }
  return { is: 'open', reading: { watch, acting: same, ...place, lease, lost } }
}

/** Whoever watched cannot any more. Another may: that is for the next try to find out. */
function whyNobody(watchers: readonly Awaited<ReturnType<typeof findWatchers>>[number][]): {
  code: string
  say: string
} {
  const missing = watchers.find((one): one is NotActing => one.is !== 'ready')
  if (missing === undefined)
    return { code: 'other_identity', say: 'The permission is another than before, and is tried out.' }
  return { code: missing.is === 'sign_in_needed' ? 'token_missing' : missing.code, say: missing.say }
}
