import { readProperty } from '#providers/property.ts'
import { expireUnconfirmed } from '#reservations/expire.ts'
import { waitingLanes } from '#reservations/outbox.ts'
import { roomsWithDueEvents } from '#watch/room-event.ts'
import type { SyncDeps } from './deps.ts'
import { lookSoon, wakeLane } from './jobs.ts'
import { selectDueLooks } from './link-queries.ts'

const looksMax = 500

export type Swept = { lanes: number; looks: number; expired: number }

/**
 * Gives every lane with waiting work and every event that is due for a look its job, and ends reservations that no room has answered
 * for too long. Whatever a crash, a lost notification or a queue that was emptied by hand forgot is thereby taken up; what has its job
 * already keeps it.
 */
export async function sweep(deps: SyncDeps): Promise<Swept> {
  const now = deps.seams.now()
  const wake = (executor: SyncDeps['db'], lane: string) => wakeLane(deps, executor, lane)
  const expired = await expireUnconfirmed({ ...deps, wake }, await readProperty(deps.db, 'sync.unconfirmed_minutes'))
  const lanes = new Set([...(await waitingLanes(deps.db, now)), ...(await roomsWithDueEvents(deps.db, now))])
  for (const lane of lanes) await wake(deps.db, lane)
  const looks = await selectDueLooks(deps.db, now, looksMax)
  for (const reservationId of looks) await lookSoon(deps, reservationId, 0)
  return { lanes: lanes.size, looks: looks.length, expired }
}
