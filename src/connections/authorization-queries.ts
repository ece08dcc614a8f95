import type { Insertable, Selectable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type AuthorizationRecord = Selectable<Schema['authorizations']>

export async function insertAuthorization(db: Database, row: Insertable<Schema['authorizations']>): Promise<void> {
  await db.insertInto('authorizations').values(row).execute()
}

/** Spends a state: of any number of callbacks with it, one gets the row and the others nothing. */
export async function spendState(db: Database, stateHash: Buffer, now: Date): Promise<AuthorizationRecord | undefined> {
  return db
    .updateTable('authorizations')
    .set({ used_at: now })
    .where('state_hash', '=', stateHash)
    .where('used_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

export async function noteOutcome(
  db: Database,
  id: string,
  outcome: { outcome: 'stored' | 'refused'; code: string | null; say: string | null; actualName: string | null },
): Promise<void> {
  await db
    .updateTable('authorizations')
    .set({
      outcome: outcome.outcome,
      outcome_code: outcome.code,
      outcome_say: outcome.say,
      actual_name: outcome.actualName,
    })
    .where('id', '=', id)
    .execute()
}

/** One's own only: whose sign-in went where is nobody else's business. */
export async function readAuthorizationOf(db: Database, id: string, userId: string) {
  return db
    .selectFrom('authorizations')
    .innerJoin('credentials', 'credentials.id', 'authorizations.credential_id')
    .selectAll('authorizations')
    .select('credentials.name as credential_name')
    .where('authorizations.id', '=', id)
    .where('authorizations.user_id', '=', userId)
    .executeTakeFirst()
}

/** Old sign-ins tell nothing that the audit trail does not. */
export async function deleteAuthorizationsBefore(db: Database, before: Date): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('authorizations').where('created_at', '<', before).executeTakeFirst()
  return Number(numDeletedRows)
}
