import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { assertFence, type Lease } from '#jobs/lease.ts'
import { underLease } from '#jobs/under-lease.ts'
import type { Acting } from '#providers/acting.ts'
import { findRoomSync, type RoomSync } from '#providers/room-sync.ts'
import { findRoom } from '#rooms/room.ts'
import type { WatchDeps } from './deps.ts'
import { probeRoomAt, readRoomAt, subscribeAt } from './jobs.ts'
import { laneOf, leaseMs } from './lane.ts'
import type { Probed } from './probed.ts'
import { nextCheckAt, nextCompareAt, nextProbeAt, placeOf } from './schedule.ts'
import { unwantRoom, wantSubscription } from './want-subscription.ts'
import { selectWatch, updateWatchAsSeen, type WatchRow, type WatchValues } from './watch-queries.ts'
import { choiceOf, type WatchingChoice } from './watching-choice.ts'

const busyMs = 1_000

/**
 * Tries out what can be done with a room's calendar, live, and stores it with the way of watching that follows from it. What is not there
 * yet (a token, a permission, a mailbox) is waited for; what was lost is fallen back from. A held room stays held.
 */
export async function probeRoom(deps: WatchDeps, roomId: string): Promise<void> {
  const { db, seams } = deps
  const under = { db, lane: laneOf(roomId), ttlMs: leaseMs, newId: seams.newId, wait: seams.wait }
  const probed = await underLease(under, async (lease) => {
    await probeUnderLease(deps, roomId, lease)
    return 'probed' as const
  })
  if (probed === null) await probeRoomAt(deps, roomId, new Date(seams.now().getTime() + busyMs))
}

async function probeUnderLease(deps: WatchDeps, roomId: string, lease: Lease): Promise<void> {
  const watch = await selectWatch(deps.db, roomId)
  if (watch === undefined || (watch.state !== 'waiting' && watch.state !== 'watching')) return
  const [sync, room] = await Promise.all([findRoomSync(deps.db, roomId), findRoom(deps.db, roomId)])
  if (sync === null || room === undefined) return
  const probed = await deps.probe(sync.provider, { id: room.id, name: room.name, mailbox: watch.mailbox })
  await storeProbed(deps, { watch, sync, lease }, probed)
}

type Probing = { watch: WatchRow; sync: RoomSync; lease: Lease }

async function storeProbed(deps: WatchDeps, { watch, sync, lease }: Probing, probed: Probed): Promise<void> {
  const now = deps.seams.now()
  const choice = choiceOf(probed)
  // Exchange not answering says nothing about what it would allow.
  const isKept = choice.is === 'waiting' && choice.code === 'later' && watch.state === 'watching'
  const values = isKept
    ? { next_probe_at: nextProbeAt(now, 3, placeOf(watch.room_id)) }
    : valuesOf(watch, { choice, probed, now })
  const stored = await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    if (!(await updateWatchAsSeen(trx, watch, { ...values, updated_at: now }))) return null
    return isKept ? [] : arrangeSubscription(trx, deps, { watch, sync, watcher: probed.watcher })
  })
  if (stored === null || isKept) return
  for (const id of stored) await subscribeAt(deps, id, now)
  const { room_id: id } = watch
  if (choice.is === 'watching') await readRoomAt(deps, id, now)
  else if (values.next_probe_at instanceof Date) await probeRoomAt(deps, id, values.next_probe_at)
  if (choice.is !== watch.state || choice.code !== watch.state_code) {
    deps.log.info(
      { roomId: id, state: choice.is, method: 'method' in choice ? choice.method : null, code: choice.code },
      'watch: a room was tried',
    )
  }
  deps.publish({ topic: 'watch', id, userId: null })
}

/** An application is told of changes in every mailbox that it may read; nobody else is told of those of others. */
async function arrangeSubscription(
  trx: Database,
  deps: WatchDeps,
  { watch, sync, watcher }: { watch: WatchRow; sync: RoomSync; watcher: Acting | null },
): Promise<string[]> {
  if (watcher?.actsAs === 'application') {
    return wantSubscription(trx, deps, {
      roomId: watch.room_id,
      provider: sync.provider,
      mailbox: watch.mailbox,
      acting: watcher,
    })
  }
  if (watcher !== null) await unwantRoom(trx, watch.room_id, deps.seams.now())
  return []
}

type Outcome = { choice: WatchingChoice; probed: Probed; now: Date }

function valuesOf(watch: WatchRow, { choice, probed, now }: Outcome): WatchValues {
  const place = placeOf(watch.room_id)
  const told = {
    capabilities: { ...probed.abilities },
    probed_at: now,
    state: choice.is,
    state_code: choice.code,
    state_say: choice.say,
  }
  if (choice.is === 'waiting') {
    const attempts = watch.state === 'waiting' ? watch.attempts + 1 : 0
    return { ...told, method: null, next_read_at: null, attempts, next_probe_at: nextProbeAt(now, attempts, place) }
  }
  return {
    ...told,
    method: choice.method,
    alias_id: probed.watcher?.aliasId ?? null,
    identity: probed.watcher?.identity ?? null,
    next_probe_at: nextCheckAt(now, choice.method, place),
    next_read_at: now,
    next_compare_at: watch.next_compare_at ?? nextCompareAt(now, place),
    // What another way of watching knew is no basis for this one.
    ...(choice.method === watch.method
      ? {}
      : { delta_link: null, round_link: null, round_began_at: null, whole_read_at: null }),
    ...(watch.state === 'waiting' ? { attempts: 0, last_error_code: null, last_error_say: null } : {}),
  }
}
