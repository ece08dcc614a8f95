import type { Database } from '#db/database.ts'
import { readDescendantIds } from './alias-queries.ts'
import { hostsForTokens, mayReceiveTokens } from './allowed-hosts.ts'
import { globalScopeId } from './application-scope-queries.ts'
import { readAttributesOfConnection, setAttributes } from './attribute.ts'
import { changeRecord, makeRecord, type RecordKind, removeRecord } from './change-record.ts'
import type {
  Connection,
  ConnectionRow,
  createConnection as createContract,
  listConnections as listContract,
  updateConnection as updateContract,
} from './connection.contract.ts'
import {
  type ConnectionRecord,
  type ConnectionView,
  deleteConnectionRow,
  insertConnection,
  listConnectionViews,
  lockAlias,
  lockConnection,
  readActiveConnections,
  readConnectionView,
  updateConnectionRow,
} from './connection-queries.ts'
import { readCredentialRow } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { destinationsBelow, endTokensThatMoved } from './destination.ts'
import { refused } from './errors.ts'
import { effectiveAlias, effectiveConnection, ownUrl } from './inheritance.ts'
import { type LineageStep, readLineage, readLineages } from './lineage-queries.ts'
import { type BodyOf, type Editor, listed, type QueryOf, scopeOf, sent, stampOf } from './record.ts'

export async function listConnections(deps: ConnectionsDeps, query: QueryOf<typeof listContract>) {
  const { rows, total } = await listConnectionViews(deps.db, query)
  const lineages = await readLineages(
    deps.db,
    rows.map((row) => row.alias_id),
  )
  const answered = rows.map((row) => connectionRowOf(row, lineages.get(row.alias_id) ?? []))
  return { rows: answered, total, page: query.page, pageSize: query.pageSize }
}

/** @throws `connections.connection_not_found` */
export async function readConnection(db: Database, id: string): Promise<Connection> {
  const view = await readConnectionView(db, id)
  if (view === undefined) throw refused('connections.connection_not_found')
  const lineage = await readLineage(db, view.alias_id)
  const { timeoutMs, inheritsFrom } = effectiveConnection(view, lineage)
  return {
    ...connectionRowOf(view, lineage),
    useUrlBuilder: view.use_url_builder,
    protocol: view.protocol === 'https' || view.protocol === 'http' ? view.protocol : null,
    host: view.host,
    port: view.port,
    basePath: view.base_path,
    timeoutMs,
    attributes: await readAttributesOfConnection(db, view, lineage),
    inheritsFrom,
  }
}

/** @throws `connections.connection_exists`, `connections.another_connection_active`, `connections.connection_url_refused` */
export async function createConnection(
  deps: ConnectionsDeps,
  body: BodyOf<typeof createContract>,
  editor: Editor,
): Promise<Connection> {
  return makeRecord(deps, connectionKind, editor, async (within, id) => {
    const { db: trx } = within
    const row = {
      ...columnsOf(body),
      id,
      name: body.name,
      alias_id: body.aliasId,
      application_scope_id: body.applicationScopeId ?? (await scopeIdOfAlias(trx, body.aliasId)),
      updated_by: editor.actor.displayName,
    }
    await requireCredential(trx, body.credentialId)
    await lockAlias(trx, body.aliasId)
    await insertConnection(trx, row)
    await writeAttributes(trx, row, body.attributes)
    await requireRules(within, id)
    return row.name
  })
}

/**
 * Saves a connection. When an effective address moves to another origin, here or at a child that inherits it, the tokens used there need
 * a new sign-in: they were given for the old address and do not open for the new one.
 */
export async function updateConnection(
  deps: ConnectionsDeps,
  id: string,
  { version, ...body }: BodyOf<typeof updateContract>,
  editor: Editor,
): Promise<Connection> {
  const change = { id, version, fields: Object.keys(body) }
  return changeRecord(deps, connectionKind, { change, editor }, async (within, row) => {
    const { db: trx, seams } = within
    await requireCredential(trx, body.credentialId)
    for (const aliasId of new Set([row.alias_id, body.aliasId ?? row.alias_id])) await lockAlias(trx, aliasId)
    const before = await destinationsBelow(trx, row.alias_id)
    await updateConnectionRow(trx, id, { ...columnsOf(body), updated_by: editor.actor.displayName })
    await writeAttributes(trx, { id, alias_id: body.aliasId ?? row.alias_id }, body.attributes)
    await requireRules(within, id)
    await endTokensThatMoved(
      trx,
      { by: editor.actor, now: seams.now() },
      before,
      await destinationsBelow(trx, row.alias_id),
    )
  })
}

/** @throws `connections.connection_not_found`, `connections.connection_in_use` naming those that inherit from it */
export async function deleteConnection(deps: ConnectionsDeps, id: string, editor: Editor): Promise<void> {
  await removeRecord(deps, connectionKind, { id, editor }, async ({ db: trx, seams }, row) => {
    await requireNoHeirs(trx, row)
    const before = await destinationsBelow(trx, row.alias_id)
    await deleteConnectionRow(trx, id)
    await endTokensThatMoved(
      trx,
      { by: editor.actor, now: seams.now() },
      before,
      await destinationsBelow(trx, row.alias_id),
    )
  })
}

export function connectionRowOf(view: ConnectionView, lineage: readonly LineageStep[]): ConnectionRow {
  const { credential_id: credentialId, credential_name: name, credential_integration_type: integrationType } = view
  const known = credentialId !== null && name !== null && integrationType !== null
  return {
    id: view.id,
    name: view.name,
    applicationScope: scopeOf(view),
    alias: { id: view.alias_id, name: view.alias_name, aliasId: view.alias_text },
    active: view.active,
    order: view.sort_order,
    connectionUrl: effectiveConnection(view, lineage).connectionUrl,
    credential: known ? { id: credentialId, name, active: view.credential_active ?? false, integrationType } : null,
    ...stampOf(view),
  }
}

const connectionKind: RecordKind<ConnectionRecord, Connection> = {
  noun: 'connection',
  notFound: 'connections.connection_not_found',
  constraints: {
    connections_name: 'connections.connection_exists',
    connections_alias_id_fkey: 'connections.alias_not_found',
  },
  lock: lockConnection,
  read: ({ db }, id) => readConnection(db, id),
  nameOf: (row) => row.name,
}

type Fields = Partial<Omit<BodyOf<typeof updateContract>, 'version'>>

function columnsOf(fields: Fields) {
  return sent({
    name: fields.name,
    alias_id: fields.aliasId,
    credential_id: fields.credentialId,
    active: fields.active,
    connection_url: fields.connectionUrl,
    use_url_builder: fields.useUrlBuilder,
    protocol: fields.protocol,
    host: fields.host,
    port: fields.port,
    base_path: fields.basePath,
    timeout_ms: fields.timeoutMs,
    sort_order: fields.order,
  })
}

async function writeAttributes(
  trx: Database,
  { id, alias_id: aliasId }: { id: string; alias_id: string },
  values: Fields['attributes'],
): Promise<void> {
  if (values !== undefined) await setAttributes(trx, id, await readLineage(trx, aliasId), values)
}

async function scopeIdOfAlias(trx: Database, aliasId: string): Promise<string> {
  const [own] = await readLineage(trx, aliasId)
  return own?.alias.application_scope_id ?? globalScopeId(trx)
}

async function requireCredential(trx: Database, id: string | null | undefined): Promise<void> {
  if (!id || (await readCredentialRow(trx, id)) !== undefined) return
  throw refused('connections.credential_not_found', {
    fields: { credentialId: 'This credential does not exist any more. Choose another one.' },
  })
}

/** What must hold after a write: a safe own address, and one active connection per alias unless the effective flag allows more. */
async function requireRules(deps: ConnectionsDeps, id: string): Promise<void> {
  const { db: trx } = deps
  const connection = await readConnectionView(trx, id)
  if (connection === undefined) return
  if (connection.alias_type === 'credential') {
    const say = `${connection.alias_text} is an alias of type Credential and has no connections. Choose another one, or change its type.`
    throw refused('connections.alias_has_no_connections', { say, fields: { aliasId: say } })
  }
  requireSafeUrl(deps, connection)
  if (!connection.active) return
  const active = await readActiveConnections(trx, [connection.alias_id])
  const others = active.filter((one) => one.id !== id).map(({ name }) => name)
  if (others.length === 0) return
  const lineage = await readLineage(trx, connection.alias_id)
  if (effectiveAlias(lineage).supportsMultipleActiveConnections.value) return
  const say = `${listed(others)} is the active connection of ${connection.alias_text}. Deactivate it first, or let the alias support several.`
  throw refused('connections.another_connection_active', { say, fields: { active: say } })
}

/** Connections of child aliases that have no address of their own and would have none at all, were this one gone. */
async function requireNoHeirs(trx: Database, connection: ConnectionRecord): Promise<void> {
  const aliasIds = (await readDescendantIds(trx, connection.alias_id)).filter((id) => id !== connection.alias_id)
  const lineages = await readLineages(trx, aliasIds)
  const heirs = (await readActiveConnections(trx, aliasIds)).filter((one) => {
    const lineage = lineages.get(one.alias_id) ?? []
    const source = lineage.slice(1).find((step) => step.activeConnection && ownUrl(step.activeConnection) !== null)
    return ownUrl(one) === null && source?.activeConnection?.id === connection.id
  })
  if (heirs.length === 0) return
  const names = listed(heirs.map(({ name }) => name))
  throw refused('connections.connection_in_use', {
    say: `The connections ${names} inherit their Connection URL from it. Give them one of their own first.`,
    facts: { connections: heirs.map(({ id, name }) => ({ id, name })) },
  })
}

function requireSafeUrl(deps: ConnectionsDeps, connection: ConnectionRecord): void {
  const text = ownUrl(connection)
  if (text === null || mayReceiveTokens(deps, text)) return
  const hosts = hostsForTokens(deps)
  const field = connection.use_url_builder ? 'host' : 'connectionUrl'
  const say = `Tokens may only be sent to ${hosts.map((host) => `https://${host}`).join(', ')}. Use one of these addresses; the operator names others in ANTEROOM_ALLOWED_HOSTS.`
  throw refused('connections.connection_url_refused', { say, fields: { [field]: say }, facts: { hosts } })
}
