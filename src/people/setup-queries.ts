import type { Database } from '#db/database.ts'

/** Forgets every code that was not used, and stores this one. */
export async function replaceSetupCode(
  db: Database,
  row: { code_hash: Buffer; created_at: Date; expires_at: Date },
): Promise<void> {
  await db.deleteFrom('setup_codes').where('used_at', 'is', null).execute()
  await db.insertInto('setup_codes').values(row).execute()
}

export async function isSetupCodeGood(db: Database, codeHash: Buffer, now: Date): Promise<boolean> {
  const found = await db
    .selectFrom('setup_codes')
    .select('code_hash')
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return found !== undefined
}

/** True for exactly one caller. */
export async function spendSetupCode(db: Database, codeHash: Buffer, now: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('setup_codes')
    .set({ used_at: now })
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
