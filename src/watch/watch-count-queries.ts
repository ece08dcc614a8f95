import { sql } from 'kysely'
import type { Database } from '#db/database.ts'

export async function countWatchStates(db: Database, providerId: string) {
  return db
    .selectFrom('room_watches')
    .select(['state', sql<string>`count(*)`.as('count')])
    .where('provider_id', '=', providerId)
    .groupBy('state')
    .execute()
}
