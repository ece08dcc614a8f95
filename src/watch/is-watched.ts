import type { Database } from '#db/database.ts'

/** Is this room's calendar read often enough that nobody else has to look? */
export async function isWatched(_db: Database, _roomId: string, _now: Date): Promise<boolean> {
  return false
}
