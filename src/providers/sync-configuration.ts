import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import type { BodyOf, QueryOf } from '#http/contract.ts'
import { sent } from '#kit/sent.ts'
import { findRoom, findRooms } from '#rooms/room.ts'
import { lockProviderRow } from './calendar-provider-queries.ts'
import type { SyncMode, WatchFacts } from './contract.ts'
import type { ConfiguringDeps } from './deps.ts'
import { refused } from './errors.ts'
import { readProperty } from './property.ts'
import { auditChange, besideField, requireVersion, stampOf } from './record.ts'
import type {
  createForBuilding as bulkContract,
  createSyncConfiguration as createContract,
  listSyncConfigurations,
  RowOutcome,
  SyncConfiguration,
  updateSyncConfiguration as updateContract,
} from './sync-configuration.contract.ts'
import {
  type ConfiguredRoom,
  deleteConfiguration as deleteRow,
  insertConfiguration,
  listConfiguredRooms,
  lockConfiguration,
  selectConfiguredRoom,
  updateConfiguration as updateRow,
} from './sync-configuration-queries.ts'

export async function listConfigurations(deps: ConfiguringDeps, query: QueryOf<typeof listSyncConfigurations>) {
  const { rows, total } = await listConfiguredRooms(deps.db, query)
  const defaultMode = await readProperty(deps.db, 'sync.mode')
  const watches = await deps.watchFacts(rows.map(({ room_id }) => room_id))
  const shown = rows.map((row) => configurationOf(row, defaultMode, watches.get(row.room_id)))
  return { rows: shown, total, page: query.page, pageSize: query.pageSize }
}

/** @throws `providers.configuration_not_found` */
export async function readConfiguration(deps: ConfiguringDeps, id: string): Promise<SyncConfiguration> {
  const row = await selectConfiguredRoom(deps.db, id)
  if (row === undefined) throw refused('providers.configuration_not_found')
  const watches = await deps.watchFacts([row.room_id])
  return configurationOf(row, await readProperty(deps.db, 'sync.mode'), watches.get(row.room_id))
}

/** @throws `providers.room_not_found`, `providers.provider_not_found`, `providers.configuration_exists`, `providers.email_differs` */
export async function createConfiguration(
  deps: ConfiguringDeps,
  { roomId, providerId, email, noRequest }: BodyOf<typeof createContract>,
  editor: Editor,
): Promise<SyncConfiguration> {
  const room = await findRoom(deps.db, roomId)
  if (room === undefined) throw besideField({ code: 'providers.room_not_found', field: 'roomId' })
  requireSameMailbox(room, email)
  const id = deps.seams.newId()
  await transaction(deps.db, async (trx) => {
    await requireProvider(trx, providerId)
    const row = { id, room_id: roomId, provider_id: providerId, no_request: noRequest ?? false }
    if (!(await insertConfiguration(trx, { ...row, updated_by: editor.actor.displayName })))
      throw besideField({ code: 'providers.configuration_exists', field: 'roomId' })
    const subject = { kind: 'sync_configuration', id, name: room.name } as const
    await auditChange(trx, editor, { action: 'providers.create_sync_configuration', subject })
  })
  deps.publish({ topic: 'provider', id, userId: null })
  return readConfiguration(deps, id)
}

/**
 * Another provider has the room read anew; everything else keeps what was read.
 * @throws `providers.configuration_not_found`, `providers.provider_not_found`, `providers.email_differs`, `providers.changed_by_someone_else`
 */
export async function updateConfiguration(
  deps: ConfiguringDeps,
  id: string,
  { version, providerId, email, noRequest }: BodyOf<typeof updateContract>,
  editor: Editor,
): Promise<SyncConfiguration> {
  const before = await transaction(deps.db, async (trx) => {
    const { row, room } = await locked(trx, id)
    requireVersion(row, version)
    requireSameMailbox({ name: room.room_name, mailbox: room.mailbox }, email)
    if (providerId !== undefined) await requireProvider(trx, providerId)
    const change = sent({ provider_id: providerId, no_request: noRequest })
    await updateRow(trx, id, { ...change, updated_by: editor.actor.displayName })
    const details = { fields: Object.keys(sent({ providerId, email, noRequest })) }
    const subject = subjectOf(room)
    await auditChange(trx, editor, { action: 'providers.update_sync_configuration', subject, details })
    return row
  })
  deps.publish({ topic: 'provider', id, userId: null })
  if (providerId !== undefined && providerId !== before.provider_id) await deps.changed([before.room_id])
  return readConfiguration(deps, id)
}

/** The room is no longer kept in step. What is in Outlook and what is reserved here stays. @throws `providers.configuration_not_found` */
export async function deleteConfiguration(deps: ConfiguringDeps, id: string, editor: Editor): Promise<void> {
  const roomId = await transaction(deps.db, async (trx) => {
    const { row, room } = await locked(trx, id)
    await deleteRow(trx, id)
    await auditChange(trx, editor, { action: 'providers.delete_sync_configuration', subject: subjectOf(room) })
    return row.room_id
  })
  deps.publish({ topic: 'provider', id, userId: null })
  await deps.changed([roomId])
}

/** Configurations for all rooms in use of a building; those that have one keep theirs. They begin inactive. @throws `providers.provider_not_found`, `providers.building_not_found` */
export async function createForBuilding(
  deps: ConfiguringDeps,
  { buildingId, providerId, noRequest = false }: BodyOf<typeof bulkContract>,
  editor: Editor,
): Promise<{ outcomes: RowOutcome[] }> {
  const rooms = await findRooms(deps.db, { buildingId })
  const [first] = rooms
  if (first === undefined) throw besideField({ code: 'providers.building_not_found', field: 'buildingId' })
  const outcomes = await transaction(deps.db, async (trx) => {
    const provider = await requireProvider(trx, providerId)
    const made: RowOutcome[] = []
    for (const { id: roomId, name } of rooms) {
      const row = { id: deps.seams.newId(), room_id: roomId, provider_id: providerId, no_request: noRequest }
      const inserted = await insertConfiguration(trx, { ...row, updated_by: editor.actor.displayName })
      made.push(inserted ? created(row.id, name) : hadOne(roomId, name))
    }
    const subject = { kind: 'calendar_provider', id: provider.id, name: provider.name } as const
    const details = { building: first.building.name, created: made.filter(({ ok }) => ok).length }
    await auditChange(trx, editor, { action: 'providers.create_sync_configurations', subject, details })
    return made
  })
  deps.publish({ topic: 'provider', id: providerId, userId: null })
  return { outcomes }
}

const created = (id: string, name: string): RowOutcome => ({
  id,
  name,
  ok: true,
  code: 'created',
  say: 'Created, inactive.',
})

const hadOne = (id: string, name: string): RowOutcome => ({
  id,
  name,
  ok: false,
  code: 'providers.configuration_exists',
  say: `${name} has a sync configuration already; it was left as it is.`,
})

async function locked(trx: Database, id: string) {
  const row = await lockConfiguration(trx, id)
  const room = row && (await selectConfiguredRoom(trx, id))
  if (row === undefined || room === undefined) throw refused('providers.configuration_not_found')
  return { row, room }
}

async function requireProvider(trx: Database, id: string) {
  const provider = await lockProviderRow(trx, id)
  if (provider === undefined) throw besideField({ code: 'providers.provider_not_found', field: 'providerId' })
  return provider
}

/** A mailbox is known by its room. Whoever enters one again must mean the same. */
function requireSameMailbox(room: { name: string; mailbox: string }, email: string | null | undefined): void {
  if (!email || email.toLowerCase() === room.mailbox.toLowerCase()) return
  const say = `${room.name} has the mailbox ${room.mailbox}, not ${email}. Correct it here, or change the mailbox on the room’s form.`
  throw besideField({ code: 'providers.email_differs', field: 'email' }, { say })
}

const subjectOf = ({ id, room_name }: ConfiguredRoom) => ({ kind: 'sync_configuration', id, name: room_name }) as const

function configurationOf(row: ConfiguredRoom, defaultMode: SyncMode, watch: WatchFacts | undefined): SyncConfiguration {
  return {
    id: row.id,
    room: {
      id: row.room_id,
      name: row.room_name,
      mailbox: row.mailbox,
      active: row.room_active,
      building: { id: row.building_id, name: row.building_name },
    },
    provider: {
      id: row.provider_id,
      name: row.provider_name,
      active: row.provider_active,
      mode: row.provider_mode ?? defaultMode,
    },
    active: row.active,
    keptInStep: row.active && row.provider_active,
    noRequest: row.no_request,
    watch: watch ?? null,
    ...stampOf(row),
  }
}
