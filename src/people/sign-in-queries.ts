import type { Database } from '#db/database.ts'

export type SignInAttempt = {
  return_to: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
  /** Whose presence it proves, if it was started by a session. */
  proves_user_id: string | null
}

export async function insertSignInAttempt(
  db: Database,
  row: Omit<SignInAttempt, 'used_at'> & { state_hash: Buffer },
): Promise<void> {
  await db.insertInto('sign_in_attempts').values(row).execute()
}

/** Started sign-ins nobody can complete any more. */
export async function forgetSignInAttempts(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('sign_in_attempts').where('expires_at', '<', before).execute()
}

/** Marks a started sign-in as used and returns it as it was before: only one caller ever sees `used_at` null. */
export async function spendSignInAttempt(
  db: Database,
  stateHash: Buffer,
  now: Date,
): Promise<SignInAttempt | undefined> {
  const spent = await db
    .updateTable('sign_in_attempts')
    .set({ used_at: now })
    .where('state_hash', '=', stateHash)
    .where('used_at', 'is', null)
    .returning(kept)
    .executeTakeFirst()
  if (spent !== undefined) return { ...spent, used_at: null }
  return db
    .selectFrom('sign_in_attempts')
    .select([...kept, 'used_at'])
    .where('state_hash', '=', stateHash)
    .executeTakeFirst()
}

const kept = ['return_to', 'created_at', 'expires_at', 'proves_user_id'] as const
