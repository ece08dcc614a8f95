import { arrangeWatches } from './arrange.ts'
import type { WatchDeps } from './deps.ts'
import { wakeRooms } from './hint.ts'
import { aheadMsMax, compareRoomAt, probeRoomAt, readRoomAt } from './jobs.ts'
import { selectDueCompares, selectDueProbes, selectDueReads, selectForgottenHints } from './watch-queries.ts'

const readsMax = 5_000
const probesMax = 200
const comparesMax = 20

/** A hint has had its read by then, unless it was forgotten. */
const forgottenAfterMs = 5_000

export type Swept = { reads: number; hints: number; probes: number; compares: number }

/**
 * Gives everything that is due its job: reads, tries, comparisons. Nothing depends on a job surviving: whatever a crash, a lost notification
 * or a queue emptied by hand forgot is thereby taken up; what has its job already keeps it.
 */
export async function sweep(deps: WatchDeps): Promise<Swept> {
  const { db, seams } = deps
  const now = seams.now()
  await arrangeWatches(deps)
  const reads = await selectDueReads(db, new Date(now.getTime() + aheadMsMax), readsMax)
  for (const { roomId, at } of reads) await readRoomAt(deps, roomId, at)
  const hinted = await selectForgottenHints(db, new Date(now.getTime() - forgottenAfterMs), readsMax)
  await wakeRooms(deps, hinted)
  const probes = await selectDueProbes(db, now, probesMax)
  for (const roomId of probes) await probeRoomAt(deps, roomId, now)
  const compares = await selectDueCompares(db, now, comparesMax)
  for (const roomId of compares) await compareRoomAt(deps, roomId, now)
  return { reads: reads.length, hints: hinted.length, probes: probes.length, compares: compares.length }
}
