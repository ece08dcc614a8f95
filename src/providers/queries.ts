import type { Database } from '#db/database.ts'

const configurationColumns = [
  'sync_configurations.id',
  'sync_configurations.room_id',
  'sync_configurations.active',
  'sync_configurations.no_request',
  'calendar_providers.id as provider_id',
  'calendar_providers.name as provider_name',
  'calendar_providers.active as provider_active',
  'calendar_providers.mode',
  'calendar_providers.delegated_user_email',
  'calendar_providers.sync_starts_on',
  'calendar_providers.sync_ends_on',
  'calendar_providers.override_alias_id',
] as const

/** Configurations of these rooms with their providers, or of all rooms. */
export async function selectRoomSyncs(db: Database, roomIds: readonly string[] | 'all') {
  if (roomIds.length === 0) return []
  let query = db
    .selectFrom('sync_configurations')
    .innerJoin('calendar_providers', 'calendar_providers.id', 'sync_configurations.provider_id')
    .select(configurationColumns)
    .select((one) => one.selectFrom('properties').select('value').where('name', '=', 'sync.mode').as('default_mode'))
  if (roomIds !== 'all') query = query.where('sync_configurations.room_id', 'in', roomIds)
  return query.execute()
}

export async function selectProperty(db: Database, name: string): Promise<unknown> {
  const row = await db.selectFrom('properties').select('value').where('name', '=', name).executeTakeFirst()
  return row?.value
}
