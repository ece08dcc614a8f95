import { waitingLanes } from '#reservations/outbox.ts'
import type { SyncDeps } from './deps.ts'
import { lookSoon, wakeLane } from './jobs.ts'
import { selectDueLooks } from './link-queries.ts'

const looksMax = 500

/**
 * Gives every lane with waiting changes and every event that is due for a look its job. Whatever a crash, a lost notification or
 * a queue that was emptied by hand forgot is thereby taken up; what has its job already keeps it.
 */
export async function sweep(deps: SyncDeps): Promise<{ lanes: number; looks: number }> {
  const now = deps.seams.now()
  const lanes = await waitingLanes(deps.db, now)
  for (const lane of lanes) await wakeLane(deps, deps.db, lane)
  const looks = await selectDueLooks(deps.db, now, looksMax)
  for (const reservationId of looks) await lookSoon(deps, reservationId, 0)
  return { lanes: lanes.length, looks: looks.length }
}
