import type { Selectable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type RegistryRow = Selectable<Schema['webhook_registry']>

export function selectRegistry(db: Database): Promise<RegistryRow | undefined> {
  return db.selectFrom('webhook_registry').selectAll().executeTakeFirst()
}

/** Whoever comes first makes it; the others find it. */
export async function insertRegistry(db: Database, row: Omit<RegistryRow, 'id'>): Promise<void> {
  await db
    .insertInto('webhook_registry')
    .values({ ...row, id: true })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

export async function updateRegistry(
  trx: Database,
  values: Pick<RegistryRow, 'nonce' | 'rotated_at' | 'rotated_by'>,
): Promise<void> {
  await trx.updateTable('webhook_registry').set(values).execute()
}

/** That of the registry, and those that subscriptions still use. */
export async function selectNonces(db: Database): Promise<string[]> {
  const used = await db.selectFrom('subscriptions').select('nonce').distinct().where('state', '<>', 'removed').execute()
  const registry = await selectRegistry(db)
  return [...new Set([...used.map(({ nonce }) => nonce), ...(registry ? [registry.nonce] : [])])]
}

/** Does a subscription at this address wait for Graph to ask whether it is wanted? */
export async function isProving(db: Database, nonce: string, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('subscriptions')
    .select('id')
    .where('nonce', '=', nonce)
    .where('proving_until', '>', now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
