import { readAlias } from '#connections/alias.ts'
import { requireDescendant } from '#connections/descends-from.ts'
import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { Editor } from '#http/actor.ts'
import type { BodyOf, QueryOf } from '#http/contract.ts'
import { requireRecentSignIn } from '#http/recent-sign-in.ts'
import { listed } from '#kit/listed.ts'
import { Refusal } from '#kit/refusal.ts'
import { sent } from '#kit/sent.ts'
import { defaultAliasOf, delegatedAlias } from './acting.ts'
import type {
  CalendarProvider,
  CalendarProviderRow,
  createCalendarProvider as createContract,
  listCalendarProviders,
  updateCalendarProvider as updateContract,
} from './calendar-provider.contract.ts'
import {
  deleteProviderRow,
  insertProvider,
  listProviderRows,
  lockProviderRow,
  selectOverridingProviders,
  selectProviderRow,
  updateProviderRow,
} from './calendar-provider-queries.ts'
import type { SyncMode } from './contract.ts'
import type { ConfiguringDeps } from './deps.ts'
import { refused } from './errors.ts'
import { readProperty } from './property.ts'
import { auditChange, besideField, refusing, requireVersion, stampOf } from './record.ts'
import { providerOf } from './room-sync.ts'
import { selectRoomIdsOfProvider, selectRoomsOfProvider } from './sync-configuration-queries.ts'
import { readSystemActing } from './system-acting.ts'

export async function listProviders(deps: ConfiguringDeps, query: QueryOf<typeof listCalendarProviders>) {
  const { rows, total } = await listProviderRows(deps.db, query)
  const defaultMode = await readProperty(deps.db, 'sync.mode')
  const shown = await Promise.all(rows.map((row) => rowOf(deps, row, defaultMode)))
  return { rows: shown, total, page: query.page, pageSize: query.pageSize }
}

/** @throws `providers.provider_not_found` */
export async function readProvider(deps: ConfiguringDeps, id: string): Promise<CalendarProvider> {
  const row = await selectProviderRow(deps.db, id)
  if (row === undefined) throw refused('providers.provider_not_found')
  const shown = await rowOf(deps, row, await readProperty(deps.db, 'sync.mode'))
  const override = row.override_alias_id === null ? null : await readAlias(deps.db, row.override_alias_id)
  return {
    ...shown,
    description: row.description,
    overrideAlias: override && { id: override.id, name: override.name, aliasId: override.aliasId },
    alias: override ?? (await shippedAlias(deps.db, defaultAliasOf(shown.mode))),
    syncStartsOn: row.sync_starts_on,
    syncEndsOn: row.sync_ends_on,
    watching: await deps.watchCounts(id),
  }
}

/** @throws what `judge` throws, and `providers.provider_exists` */
export async function createProvider(
  deps: ConfiguringDeps,
  body: BodyOf<typeof createContract>,
  editor: Editor,
): Promise<CalendarProvider> {
  const id = deps.seams.newId()
  await refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const row = { ...blank, ...columnsOf(body) }
      await judge(trx, row, body)
      await insertProvider(trx, { ...row, id, name: body.name, updated_by: editor.actor.displayName })
      await auditChange(trx, editor, {
        action: 'providers.create_calendar_provider',
        subject: subjectOf({ id, name: body.name }),
      })
    }),
  )
  deps.publish({ topic: 'provider', id, userId: null })
  return readProvider(deps, id)
}

/** @throws `providers.provider_not_found`, `providers.changed_by_someone_else`, `http.recent_sign_in_required`, and as `createProvider` */
export async function updateProvider(
  deps: ConfiguringDeps,
  id: string,
  { version, ...body }: BodyOf<typeof updateContract>,
  editor: Editor,
): Promise<CalendarProvider> {
  await refusing(constraints, () =>
    transaction(deps.db, async (trx) => {
      const before = await lockProviderRow(trx, id)
      if (before === undefined) throw refused('providers.provider_not_found')
      requireVersion(before, version)
      const change = columnsOf(body)
      if (actsAsAnother(before, change)) requireRecentSignIn(editor.actor, deps.seams.now())
      await judge(trx, { ...before, ...change }, body)
      await updateProviderRow(trx, id, { ...change, updated_by: editor.actor.displayName })
      const details = { fields: Object.keys(body) }
      const subject = subjectOf(before)
      await auditChange(trx, editor, { action: 'providers.update_calendar_provider', subject, details })
    }),
  )
  deps.publish({ topic: 'provider', id, userId: null })
  await deps.changed(await selectRoomIdsOfProvider(deps.db, id))
  return readProvider(deps, id)
}

/** Whose permission every room of it uses is decided by these two: whoever changes them gives that right to somebody else. */
function actsAsAnother(before: Judged, change: Partial<Judged>): boolean {
  const {
    override_alias_id: alias = before.override_alias_id,
    delegated_user_email: user = before.delegated_user_email,
  } = change
  const named = before.override_alias_id !== null || before.delegated_user_email !== null
  return named && (alias !== before.override_alias_id || user !== before.delegated_user_email)
}

/** @throws `providers.provider_not_found`, `providers.provider_in_use` naming the rooms, `providers.provider_has_history` */
export async function deleteProvider(deps: ConfiguringDeps, id: string, editor: Editor): Promise<void> {
  await refusing(pointers, () =>
    transaction(deps.db, async (trx) => {
      const row = await lockProviderRow(trx, id)
      if (row === undefined) throw refused('providers.provider_not_found')
      const rooms = await selectRoomsOfProvider(trx, id, roomsMax)
      if (rooms.length > 0) {
        const names = listed(rooms.map(({ room_name }) => room_name))
        const say = `${row.name} keeps ${names} in step. Give ${rooms.length === 1 ? 'it' : 'them'} another provider, or delete the sync configurations first.`
        const facts = { rooms: rooms.slice(0, 100).map((room) => ({ id: room.id, name: room.room_name })) }
        throw refused('providers.provider_in_use', { say, facts })
      }
      await deleteProviderRow(trx, id)
      await auditChange(trx, editor, { action: 'providers.delete_calendar_provider', subject: subjectOf(row) })
    }),
  )
  deps.publish({ topic: 'provider', id, userId: null })
}

const roomsMax = 10_000

const blank = {
  mode: null,
  override_alias_id: null,
  delegated_user_email: null,
  sync_starts_on: null,
  sync_ends_on: null,
} as const

const constraints = { calendar_providers_name: { code: 'providers.provider_exists', field: 'name' } } as const

/** What still names a provider after its last room went elsewhere. */
const hasHistory = { code: 'providers.provider_has_history' } as const
const pointers = {
  sync_configurations_provider_id_fkey: { code: 'providers.provider_in_use' },
  room_watches_provider_id_fkey: hasHistory,
  subscriptions_provider_id_fkey: hasHistory,
  event_links_provider_id_fkey: hasHistory,
  sync_events_provider_id_fkey: hasHistory,
} as const

const subjectOf = ({ id, name }: { id: string; name: string }) => ({ kind: 'calendar_provider', id, name }) as const

type Judged = {
  mode: SyncMode | null
  override_alias_id: string | null
  delegated_user_email: string | null
  sync_starts_on: string | null
  sync_ends_on: string | null
}

/**
 * The record as it would be. In normal mode an address that is being entered is refused; one that was entered for another mode stays, so
 * that changing the mode to and fro loses nothing.
 *
 * @throws `providers.delegated_user_missing`, `providers.delegated_user_not_used`, `providers.dates_reversed`, `connections.alias_not_found`, `connections.alias_not_descendant`
 */
async function judge(trx: Database, row: Judged, sentNow: { delegatedUserEmail?: string | null }): Promise<void> {
  const mode = row.mode ?? (await readProperty(trx, 'sync.mode'))
  const field = 'delegatedUserEmail'
  if (mode === 'normal' && sentNow.delegatedUserEmail)
    throw besideField({ code: 'providers.delegated_user_not_used', field })
  if (mode !== 'normal' && row.delegated_user_email === null)
    throw besideField({ code: 'providers.delegated_user_missing', field })
  if (row.sync_starts_on !== null && row.sync_ends_on !== null && row.sync_ends_on <= row.sync_starts_on)
    throw besideField({ code: 'providers.dates_reversed', field: 'syncEndsOn' })
  if (row.override_alias_id !== null) await requireBelowDefault(trx, row.override_alias_id)
}

async function requireBelowDefault(trx: Database, aliasId: string): Promise<void> {
  try {
    await requireDescendant(trx, aliasId, delegatedAlias)
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem
    const { code, status, message } = problem
    throw new Refusal(code, status, message, { fields: { overrideAliasId: message } })
  }
}

function columnsOf(fields: Partial<Omit<BodyOf<typeof updateContract>, 'version'>>) {
  return sent({
    name: fields.name,
    description: fields.description,
    active: fields.active,
    mode: fields.mode,
    override_alias_id: fields.overrideAliasId,
    delegated_user_email: fields.delegatedUserEmail,
    sync_starts_on: fields.syncStartsOn,
    sync_ends_on: fields.syncEndsOn,
  })
}

type Row = NonNullable<Awaited<ReturnType<typeof selectProviderRow>>>

async function rowOf(deps: ConfiguringDeps, row: Row, defaultMode: SyncMode): Promise<CalendarProviderRow> {
  const provider = providerOf(row, defaultMode)
  return {
    id: row.id,
    name: row.name,
    active: row.active,
    processor: row.processor,
    mode: provider.mode,
    ownMode: row.mode,
    delegatedUserEmail: provider.delegatedUserEmail,
    roomCount: Number(row.room_count ?? 0),
    activeRoomCount: Number(row.active_room_count ?? 0),
    acting: await readSystemActing(deps, provider),
    ...stampOf(row),
  }
}

/** A shipped alias that somebody deleted is still named, so that the form can say what is missing. */
async function shippedAlias(db: Database, aliasId: string): Promise<CalendarProvider['alias']> {
  try {
    const { id } = await readAlias(db, aliasId)
    return { id, aliasId }
  } catch (problem) {
    if (problem instanceof Refusal && problem.status === 404) return { id: null, aliasId }
    throw problem
  }
}

/** For whoever moves or deletes an alias: the providers that have one of their own, which must stay below the default. */
export async function pointersToAliases(db: Database) {
  const rows = await selectOverridingProviders(db)
  return rows.map(({ name, override_alias_id: aliasId }) => ({
    aliasId: aliasId ?? '',
    by: `the calendar provider ${name}`,
    below: delegatedAlias,
  }))
}
