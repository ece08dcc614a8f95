import { arrangeWatches } from './arrange.ts'
import { arrangeDelegated } from './delegated-subscriptions.ts'
import type { WatchDeps } from './deps.ts'
import { wakeRooms } from './hint.ts'
import { aheadMsMax, compareRoomAt, probeRoomAt, readRoomAt, spreadAt, subscribeAt } from './jobs.ts'
import { deleteNotificationsBefore, selectToldWithoutRoom } from './notification-queries.ts'
import { deleteRemovedBefore, selectDueSubscriptions } from './subscription-queries.ts'
import { selectDueCompares, selectDueProbes, selectDueReads, selectForgottenHints } from './watch-queries.ts'

const readsMax = 5_000
const probesMax = 200
const comparesMax = 20
const subscriptionsMax = 200

/** A hint has had its read by then, unless it was forgotten. */
const forgottenAfterMs = 5_000

/** Changes of configurations are told as they happen; this is for what was not. */
const arrangeEveryMs = 10 * 60_000

const hourMs = 3_600_000
const notificationsKeptMs = 48 * hourMs
const removedKeptMs = 7 * 24 * hourMs

export type Swept = {
  reads: number
  hints: number
  probes: number
  compares: number
  subscriptions: number
  told: number
}

/**
 * Gives everything that is due its job: reads, tries, comparisons, subscriptions. Nothing depends on a job surviving: whatever a crash, a
 * lost notification or a queue emptied by hand forgot is thereby taken up; what has its job already keeps it.
 */
export async function sweep(deps: WatchDeps): Promise<Swept> {
  const { db, seams } = deps
  const now = seams.now()
  await arrangeNowAndThen(deps, now)
  const reads = await selectDueReads(db, new Date(now.getTime() + aheadMsMax), readsMax)
  for (const { roomId, at } of reads) await readRoomAt(deps, roomId, at)
  const hinted = await selectForgottenHints(db, new Date(now.getTime() - forgottenAfterMs), readsMax)
  await wakeRooms(deps, hinted)
  const probes = await selectDueProbes(db, now, probesMax)
  for (const roomId of probes) await probeRoomAt(deps, roomId, now)
  const compares = await selectDueCompares(db, now, comparesMax)
  for (const roomId of compares) await compareRoomAt(deps, roomId, now)
  const subscriptions = await selectDueSubscriptions(db, now, subscriptionsMax)
  for (const id of subscriptions) await subscribeAt(deps, id, now)
  const told = await selectToldWithoutRoom(db, new Date(now.getTime() - forgottenAfterMs))
  for (const id of told) await spreadAt(deps, id, now)
  return {
    reads: reads.length,
    hints: hinted.length,
    probes: probes.length,
    compares: compares.length,
    subscriptions: subscriptions.length,
    told: told.length,
  }
}

/** What nobody asks for any more. */
export async function forgetOld({ db, seams }: Pick<WatchDeps, 'db' | 'seams'>): Promise<void> {
  const nowMs = seams.now().getTime()
  await deleteNotificationsBefore(db, new Date(nowMs - notificationsKeptMs))
  await deleteRemovedBefore(db, new Date(nowMs - removedKeptMs))
}

/** When each process last arranged everything. */
const arrangedAt = new WeakMap<object, number>()

async function arrangeNowAndThen(deps: WatchDeps, now: Date): Promise<void> {
  if (now.getTime() - (arrangedAt.get(deps.jobs) ?? 0) < arrangeEveryMs) return
  arrangedAt.set(deps.jobs, now.getTime())
  await arrangeWatches(deps)
  await arrangeDelegated(deps)
}
