import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Tells every listener on a channel. Inside a transaction it is said at commit, or never. At most 8,000 bytes. */
export async function notify(db: Database, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(db)
}
