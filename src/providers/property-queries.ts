import { sql } from 'kysely'
import type { Database } from '#db/database.ts'

export async function selectProperties(db: Database) {
  return db.selectFrom('properties').selectAll().execute()
}

/** Held until the transaction ends. */
export async function lockProperty(trx: Database, name: string) {
  return trx.selectFrom('properties').selectAll().where('name', '=', name).forUpdate().executeTakeFirst()
}

export async function upsertProperty(
  trx: Database,
  { name, value, by }: { name: string; value: unknown; by: string },
): Promise<void> {
  const json = JSON.stringify(value)
  await trx
    .insertInto('properties')
    .values({ name, value: json, updated_by: by })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({
        value: json,
        updated_by: by,
        updated_at: sql`now()`,
        version: sql`properties.version + 1`,
      }),
    )
    .execute()
}

export async function deleteProperty(trx: Database, name: string): Promise<void> {
  await trx.deleteFrom('properties').where('name', '=', name).execute()
}
