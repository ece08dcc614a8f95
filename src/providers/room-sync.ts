import type { Database } from '#db/database.ts'
import type { SyncMode } from './contract.ts'
import { propertyOf } from './property.ts'
import { selectRoomSyncs } from './queries.ts'

/** A calendar provider as the engine needs it: what it is called, whose permission it uses, and through which alias. */
export type Provider = {
  id: string
  name: string
  active: boolean
  /** Its own mode, or the property's. */
  mode: SyncMode
  /** An alias id or record id that takes the place of the mode's default alias. */
  overrideAliasId: string | null
  /** The delegated mailbox; null in normal mode. */
  delegatedUserEmail: string | null
  /** Days, `YYYY-MM-DD`; null is open. */
  syncStartsOn: string | null
  syncEndsOn: string | null
}

/** One room's reservable sync configuration. `active` says that both it and its provider are: only then the room is kept in step. */
export type RoomSync = {
  configurationId: string
  roomId: string
  active: boolean
  noRequest: boolean
  provider: Provider
}

/** How these rooms are kept in step, by room id. A room without a configuration is not in it. */
export async function findRoomSyncs(db: Database, roomIds: readonly string[] | 'all'): Promise<Map<string, RoomSync>> {
  const rows = await selectRoomSyncs(db, roomIds)
  return new Map(rows.map((row) => [row.room_id, roomSyncOf(row, propertyOf('sync.mode', row.default_mode))]))
}

/** One room's; null when it is not kept in step. */
export async function findRoomSync(db: Database, roomId: string): Promise<RoomSync | null> {
  const found = (await findRoomSyncs(db, [roomId])).get(roomId)
  return found?.active ? found : null
}

export type ProviderColumns = {
  id: string
  name: string
  active: boolean
  mode: SyncMode | null
  override_alias_id: string | null
  delegated_user_email: string | null
  sync_starts_on: string | null
  sync_ends_on: string | null
}

/** A provider's row as the engine needs it. In normal mode the application acts, whatever was entered for another mode. */
export function providerOf(row: ProviderColumns, defaultMode: SyncMode): Provider {
  const mode = row.mode ?? defaultMode
  return {
    id: row.id,
    name: row.name,
    active: row.active,
    mode,
    overrideAliasId: row.override_alias_id,
    delegatedUserEmail: mode === 'normal' ? null : row.delegated_user_email,
    syncStartsOn: row.sync_starts_on,
    syncEndsOn: row.sync_ends_on,
  }
}

type Row = Awaited<ReturnType<typeof selectRoomSyncs>>[number]

function roomSyncOf(row: Row, defaultMode: SyncMode): RoomSync {
  const { provider_id: id, provider_name: name, provider_active: active } = row
  return {
    configurationId: row.id,
    roomId: row.room_id,
    active: row.active && active,
    noRequest: row.no_request,
    provider: providerOf({ ...row, id, name, active }, defaultMode),
  }
}
