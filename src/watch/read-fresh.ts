import type { WatchDeps } from './deps.ts'
import { readRoomSoon } from './jobs.ts'
import { markLookedAt } from './watch-queries.ts'

const lookedAtMs = 2 * 60_000

/** What was read this recently is fresh enough for whoever opens the room's page. */
const freshMs = 5_000

/**
 * Somebody opens a room's page: its calendar is read now, and more often for two minutes. What comes of it is a live update.
 *
 * @returns when it was last read; null while it is not watched
 */
export async function readRoomFresh(
  deps: Pick<WatchDeps, 'db' | 'jobs' | 'seams'>,
  roomId: string,
): Promise<Date | null> {
  const now = deps.seams.now()
  const until = new Date(now.getTime() + lookedAtMs)
  const watch = await markLookedAt(deps.db, roomId, { until, nextReadAt: new Date(now.getTime() + 15_000) })
  if (watch === undefined) return null
  if (watch.read_at === null || now.getTime() - watch.read_at.getTime() > freshMs) await readRoomSoon(deps, roomId, now)
  return watch.read_at
}
