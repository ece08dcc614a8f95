import type { Database } from '#db/database.ts'
import { provenMs } from './schedule.ts'
import { isProven } from './subscription-queries.ts'
import { selectWatch } from './watch-queries.ts'

/** The slowest rhythm is six minutes; after several that failed nobody should rely on it. */
const recentlyMs = 15 * 60_000

/** Is this room's calendar read often enough that nobody else has to look? */
export async function isWatched(db: Database, roomId: string, now: Date): Promise<boolean> {
  const watch = await selectWatch(db, roomId)
  if (watch?.state !== 'watching' || watch.attempts > 0 || watch.read_at === null) return false
  return now.getTime() - watch.read_at.getTime() < recentlyMs
}

/** Has Graph told of changes in this room lately? One that is only read now and then is watched too, and tells of an answer minutes later. */
export function tellsAtOnce(db: Database, roomId: string, now: Date): Promise<boolean> {
  return isProven(db, roomId, new Date(now.getTime() - provenMs))
}
