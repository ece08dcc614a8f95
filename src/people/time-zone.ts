import type { Database } from '#db/database.ts'
import { readTimeZone } from './directory-queries.ts'

/** The zone somebody lives in, by its IANA name; null while nobody has said. Everybody begins with UTC, so UTC says nothing. */
export async function findTimeZone(db: Database, userId: string): Promise<string | null> {
  const row = await readTimeZone(db, userId)
  return row === undefined || row.time_zone === 'UTC' ? null : row.time_zone
}
