import { sql } from 'kysely'
import type { Database } from '#db/database.ts'

/** One process at a time decides whether this database is new. The number is arbitrary and belongs to this alone. */
export async function lockVault(trx: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(7267002)`.execute(trx)
}

/** The id of this installation, given to it once. */
export async function ensureInstallation(trx: Database, newId: string): Promise<string> {
  await trx
    .insertInto('installation')
    .values({ id: newId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { id } = await trx.selectFrom('installation').select('id').executeTakeFirstOrThrow()
  return id
}

export async function readKeys(db: Database): Promise<{ id: number; state: string }[]> {
  const rows = await db.selectFrom('vault_keys').select(['id', 'state']).where('state', '<>', 'destroyed').execute()
  return rows.map(({ id, state }) => ({ id: Number(id), state }))
}

export async function insertPrimaryKey(trx: Database, id: number): Promise<void> {
  await trx
    .insertInto('vault_keys')
    .values({ id: String(id), state: 'primary' })
    .execute()
}

export async function readCanary(db: Database): Promise<Buffer | null> {
  const row = await db.selectFrom('vault_canary').select('blob').executeTakeFirst()
  return row?.blob ?? null
}

export async function insertCanary(trx: Database, blob: Buffer): Promise<void> {
  await trx.insertInto('vault_canary').values({ blob }).execute()
}
