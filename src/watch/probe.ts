import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { assertFence, type Lease } from '#jobs/lease.ts'
import { underLease } from '#jobs/under-lease.ts'
import type { Acting } from '#providers/acting.ts'
import { mergeCapabilities } from '#providers/capability.ts'
import type { Probed } from '#providers/probe.ts'
import { findRoomSync, type RoomSync } from '#providers/room-sync.ts'
import { findRoom } from '#rooms/room.ts'
import type { WatchDeps } from './deps.ts'
import { probeRoomAt, readRoomAt, subscribeAt } from './jobs.ts'
import { laneOf, leaseMs } from './lane.ts'
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
  const probed = await deps.probe(sync.provider, { name: room.name, mailbox: watch.mailbox })
  await storeProbed(deps, { watch, sync, lease }, probed)
}

type Probing = { watch: WatchRow; sync: RoomSync; lease: Lease }

async function storeProbed(deps: WatchDeps, { watch, sync, lease }: Probing, probed: Probed): Promise<void> {
  const now = deps.seams.now()
  const choice = choiceOf(probed)
  const values = valuesOf(watch, { choice, probed, now })
  const stored = await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    if (!(await updateWatchAsSeen(trx, watch, { ...values, updated_at: now }))) return null
    return arrangeSubscription(trx, deps, { watch, sync, watcher: choice.is === 'watching' ? probed.watcher : null })
  })
  if (stored === null) return
  for (const id of stored) await subscribeAt(deps, id, now)
  const { room_id: id } = watch
  if (choice.is === 'watching') await readRoomAt(deps, id, now)
  else if (values.next_probe_at instanceof Date) await probeRoomAt(deps, id, values.next_probe_at)
  if (choice.is !== watch.state || choice.code !== watch.state_code) {
    const method = 'method' in choice ? choice.method : null
    // Rooms that wait are in the console with their reason; before the set-up is done that is all of them.
    const level = choice.is === 'waiting' ? 'debug' : 'info'
    deps.log[level]({ roomId: id, outcome: choice.is, method, code: choice.code }, 'watch: a room was tried')
  }
  deps.publish({ topic: 'watch', id, userId: null })
}

type Arranging = { watch: WatchRow; sync: RoomSync; watcher: Acting | null }

/** An application is told of changes in every mailbox that it may read; nobody else is told of those of others. */
async function arrangeSubscription(
  trx: Database,
  deps: WatchDeps,
  { watch, sync, watcher }: Arranging,
): Promise<string[]> {
  if (watcher === null) return []
  if (watcher.actsAs === 'application') {
    const { room_id: roomId, mailbox } = watch
    return wantSubscription(trx, deps, { roomId, provider: sync.provider, mailbox, acting: watcher })
  }
  await unwantRoom(trx, watch.room_id, deps.seams.now())
  return []
}

type Outcome = { choice: WatchingChoice; probed: Probed; now: Date }

function valuesOf(watch: WatchRow, { choice, probed, now }: Outcome): WatchValues {
  const capabilities = mergeCapabilities(watch.capabilities, probed.capabilities)
  const told = { capabilities, probed_at: now }
  switch (choice.is) {
    case 'watching':
      return { ...told, ...watchingValues(watch, { choice, probed, now }) }
    case 'waiting':
      return { ...told, ...waitingValues(watch, { choice, now }) }
    case 'unclear':
      return { ...told, ...unclearValues(watch, { choice, now }) }
  }
}

type Chosen<Is extends WatchingChoice['is']> = Outcome & { choice: Extract<WatchingChoice, { is: Is }> }

function watchingValues(watch: WatchRow, { choice, probed, now }: Chosen<'watching'>): WatchValues {
  const place = placeOf(watch.room_id)
  return {
    state: 'watching',
    state_code: choice.code,
    state_say: choice.say,
    method: choice.method,
    alias_id: probed.watcher?.aliasId ?? null,
    identity: probed.watcher?.identity ?? null,
    next_probe_at: nextCheckAt(now, choice.method, place),
    next_read_at: now,
    next_compare_at: watch.next_compare_at ?? nextCompareAt(now, place),
    // What another way of watching knew is no basis for this one.
    ...(choice.method === watch.method ? {} : noBasis),
    ...(watch.state === 'waiting' ? { attempts: 0, last_error_code: null, last_error_say: null } : {}),
  }
}

const noBasis = { delta_link: null, round_link: null, round_began_at: null, whole_read_at: null }

function waitingValues(watch: WatchRow, { choice, now }: Omit<Chosen<'waiting'>, 'probed'>): WatchValues {
  const attempts = watch.state === 'waiting' ? watch.attempts + 1 : 0
  return {
    state: 'waiting',
    state_code: choice.code,
    state_say: choice.say,
    method: null,
    attempts,
    next_read_at: null,
    next_probe_at: nextProbeAt(now, attempts, placeOf(watch.room_id)),
  }
}

function unclearValues(watch: WatchRow, { choice, now }: Omit<Chosen<'unclear'>, 'probed'>): WatchValues {
  if (watch.state === 'watching') return { next_probe_at: nextProbeAt(now, 3, placeOf(watch.room_id)) }
  return waitingValues(watch, { choice: { ...choice, is: 'waiting' }, now })
}
