import type { Database } from '#db/database.ts'

/** Was anything told about this room since, by a subscription that is still good? */
export async function isProven(db: Database, roomId: string, since: Date): Promise<boolean> {
  const row = await db
    .selectFrom('subscriptions')
    .select('id')
    .where('room_id', '=', roomId)
    .where('state', '=', 'active')
    .where('last_notification_at', '>=', since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
