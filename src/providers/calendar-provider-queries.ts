import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'

export type ProviderRow = Selectable<Schema['calendar_providers']>

const sorting = {
  columns: {
    name: folded('calendar_providers.name'),
    active: plain('calendar_providers.active'),
    updatedAt: plain('calendar_providers.updated_at'),
  },
  fallback: folded('calendar_providers.name'),
  tieBreaker: 'calendar_providers.id',
}

export async function listProviderRows(db: Database, filter: ListQuery & { active?: boolean }) {
  let query = counted(db)
  if (filter.q) {
    const text = sql<string>`calendar_providers.name || ' ' || coalesce(calendar_providers.delegated_user_email, '')`
    query = query.where(text, 'ilike', containing(filter.q))
  }
  if (filter.active !== undefined) query = query.where('calendar_providers.active', '=', filter.active)
  return readPage(query, filter, sorting)
}

export async function selectProviderRow(db: Database, id: string) {
  return counted(db).where('calendar_providers.id', '=', id).executeTakeFirst()
}

/** Held until the transaction ends. */
export async function lockProviderRow(trx: Database, id: string): Promise<ProviderRow | undefined> {
  return trx.selectFrom('calendar_providers').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Active ones that leave the mode to the property and name no delegated user. */
export async function selectProvidersWithoutDelegatedUser(db: Database) {
  return db
    .selectFrom('calendar_providers')
    .select(['id', 'name'])
    .where('active', '=', true)
    .where('mode', 'is', null)
    .where('delegated_user_email', 'is', null)
    .orderBy('name')
    .execute()
}

/** Those with an alias of their own. */
export async function selectOverridingProviders(db: Database) {
  return db
    .selectFrom('calendar_providers')
    .select(['name', 'override_alias_id'])
    .where('override_alias_id', 'is not', null)
    .orderBy('name')
    .execute()
}

export async function insertProvider(trx: Database, row: Insertable<Schema['calendar_providers']>): Promise<void> {
  await trx.insertInto('calendar_providers').values(row).execute()
}

export async function updateProviderRow(
  trx: Database,
  id: string,
  change: Updateable<Schema['calendar_providers']>,
): Promise<void> {
  await trx
    .updateTable('calendar_providers')
    .set({ ...change, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function deleteProviderRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('calendar_providers').where('id', '=', id).execute()
}

function counted(db: Database) {
  return db
    .selectFrom('calendar_providers')
    .selectAll('calendar_providers')
    .select((select) => [
      select
        .selectFrom('sync_configurations')
        .select(sql<string>`count(*)`.as('count'))
        .whereRef('sync_configurations.provider_id', '=', 'calendar_providers.id')
        .as('room_count'),
      select
        .selectFrom('sync_configurations')
        .select(sql<string>`count(*)`.as('count'))
        .whereRef('sync_configurations.provider_id', '=', 'calendar_providers.id')
        .where('sync_configurations.active', '=', true)
        .as('active_room_count'),
    ])
}
