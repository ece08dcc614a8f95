import type { Database } from '#db/database.ts'
import { type UserRecord, userColumns } from './user-queries.ts'

export type SessionRecord = UserRecord & { session_id: string; last_seen_at: Date; proved_at: Date | null }

export async function insertSession(
  db: Database,
  row: {
    id: string
    token_hash: Buffer
    user_id: string
    now: Date
    expires_at: Date
    user_agent: string
    proved_at: Date | null
  },
): Promise<void> {
  const { now, ...rest } = row
  await db
    .insertInto('sessions')
    .values({ ...rest, created_at: now, last_seen_at: now })
    .execute()
}

/** The living session with this token and its active person, in one round trip. Idleness depends on roles, so the caller decides it. */
export async function findSession(db: Database, tokenHash: Buffer, now: Date): Promise<SessionRecord | undefined> {
  return db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.user_id')
    .select(userColumns)
    .select(['sessions.id as session_id', 'sessions.last_seen_at', 'sessions.proved_at'])
    .where('sessions.token_hash', '=', tokenHash)
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', now)
    .where('users.active', '=', true)
    .executeTakeFirst()
}

/** Does nothing when a parallel request was first. */
export async function touchSession(db: Database, id: string, { now, notSince }: { now: Date; notSince: Date }) {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: now })
    .where('id', '=', id)
    .where('last_seen_at', '<=', notSince)
    .execute()
}

/** Whose it was; undefined when there was none, or it had ended. */
export async function endSessionRow(
  db: Database,
  tokenHash: Buffer,
  now: Date,
): Promise<{ user_id: string } | undefined> {
  return db
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('token_hash', '=', tokenHash)
    .where('ended_at', 'is', null)
    .returning('user_id')
    .executeTakeFirst()
}

export async function endSessionRowsOf(db: Database, userId: string, now: Date): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('sessions')
    .set({ ended_at: now })
    .where('user_id', '=', userId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
