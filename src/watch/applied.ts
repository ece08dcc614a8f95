import type { Database } from '#db/database.ts'
import { markHandled } from './notification-queries.ts'
import { selectWatch } from './watch-queries.ts'

/** What was read of a room has been compared with its reservations: the notifications that the last read had before it are handled. */
export async function noteApplied(db: Database, roomId: string, now: Date): Promise<void> {
  const watch = await selectWatch(db, roomId)
  if (watch !== undefined) await markHandled(db, roomId, { upTo: watch.read_seq, now })
}
