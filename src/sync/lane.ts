import { underLease } from '#jobs/under-lease.ts'
import { findRoomSync } from '#providers/room-sync.ts'
import { nextChange, nextMoment } from '#reservations/outbox.ts'
import { noteApplied } from '#watch/applied.ts'
import { nextPlanMoment } from '#watch/room-event.ts'
import { applyRoom } from './apply.ts'
import type { SyncDeps } from './deps.ts'
import { laneAt, wakeLane } from './jobs.ts'
import { drainOutbox } from './push.ts'

/** Longer than the pauses of a healthy process, short enough that a killed one is followed soon. */
const leaseMs = 10_000

/** While another process works in the lane: come back, because it may have looked just before our change was there. */
const busyLaneMs = 1_000

/**
 * Everything there is to do in a lane, which is a room: changes made here go out, then what was read of the room's calendar is compared.
 * One process at a time, so that an echo of our own write is never seen before the write is written down. Level-triggered: doing it
 * twice, late or for nothing changes nothing.
 */
export async function workLane(deps: SyncDeps, lane: string): Promise<void> {
  const { db, seams } = deps
  const worked = await underLease(
    { db, lane: `reservations ${lane}`, ttlMs: leaseMs, newId: seams.newId, wait: seams.wait },
    async (lease, lost) => {
      const drain = () => drainOutbox(deps, { lane, lease, lost })
      await drain()
      const sync = await findRoomSync(db, lane)
      if (sync !== null && !lost.aborted) await applyRoom(deps, { sync, lease, between: drain })
      return 'worked' as const
    },
  )
  if (worked === null) return laneAt(deps, lane, new Date(seams.now().getTime() + busyLaneMs))
  await wakeIfWaiting(deps, lane)
  await noteApplied(db, lane, seams.now())
  const moments = [await nextMoment(db, lane, seams.now()), await nextPlanMoment(db, lane)].filter(
    (moment) => moment !== null,
  )
  const next = moments.toSorted((one, other) => one.getTime() - other.getTime())[0]
  if (next) await laneAt(deps, lane, next)
}

/**
 * To be called by whoever has just left a lane. A change that was made meanwhile found the lane busy and would come back after a second:
 * it does not have to wait that long.
 */
export async function wakeIfWaiting(deps: SyncDeps, lane: string): Promise<void> {
  if ((await nextChange(deps.db, lane, deps.seams.now())) !== null) await wakeLane(deps, deps.db, lane)
}
