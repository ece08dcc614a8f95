import type { Database } from '#db/database.ts'
import type {
  Alias,
  AliasRow,
  createAlias as createContract,
  listAliases as listContract,
  updateAlias as updateContract,
} from './alias.contract.ts'
import { pointersTo, requirePointersFit } from './alias-pointers.ts'
import {
  type AliasView,
  deleteAliasRow,
  insertAlias,
  listAliasViews,
  lockAliasRow,
  readAliasView,
  readChildren,
  readDescendantIds,
  updateAliasRow,
} from './alias-queries.ts'
import { readApplicationScope } from './application-scope-queries.ts'
import { readAttributesOfAlias } from './attribute.ts'
import { deleteValuesOfAlias } from './attribute-queries.ts'
import { changeRecord, makeRecord, type RecordKind, removeRecord } from './change-record.ts'
import { connectionRowOf } from './connection.ts'
import { readActiveConnections, readConnectionViewsOfAlias } from './connection-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { destinationsBelow, endTokensThatMoved } from './destination.ts'
import { templateParent } from './entra-templates.ts'
import { refused } from './errors.ts'
import { effectiveAlias } from './inheritance.ts'
import { type AliasRecord, type LineageStep, readLineage, readLineages } from './lineage-queries.ts'
import { type BodyOf, type Editor, listed, type QueryOf, refusing, scopeOf, sent, stampOf } from './record.ts'
import { readPolicyToFollow } from './retry-policy.ts'

export async function listAliases(deps: ConnectionsDeps, query: QueryOf<typeof listContract>) {
  const { rows, total } = await listAliasViews(deps.db, query)
  const lineages = await readLineages(
    deps.db,
    rows.map(({ id }) => id),
  )
  return {
    rows: rows.map((row) => rowOf(row, lineages.get(row.id) ?? [])),
    total,
    page: query.page,
    pageSize: query.pageSize,
  }
}

/** By record id or alias id. @throws `connections.alias_not_found` */
export async function readAlias(db: Database, idOrAliasId: string): Promise<Alias> {
  const view = await readAliasView(db, idOrAliasId)
  if (view === undefined) throw refused('connections.alias_not_found')
  const lineage = await readLineage(db, view.id)
  const connections = await readConnectionViewsOfAlias(db, view.id)
  const children = await readChildren(db, view.id)
  return {
    ...rowOf(view, lineage),
    description: view.description,
    credential: credentialOf(view),
    attributes: await readAttributesOfAlias(db, lineage),
    supportsMultipleActiveConnections: effectiveAlias(lineage).supportsMultipleActiveConnections,
    retryPolicy: await retryPolicyOf(db, lineage),
    children: children.map(({ id, name, alias_id: aliasId }) => ({ id, name, aliasId })),
    connections: connections.map((connection) => connectionRowOf(connection, lineage)),
  }
}

/** @throws `connections.alias_exists`, `connections.alias_parent_refused`, `connections.application_scope_not_found` */
export async function createAlias(
  deps: ConnectionsDeps,
  body: BodyOf<typeof createContract>,
  editor: Editor,
): Promise<Alias> {
  return makeRecord(deps, aliasKind, editor, async ({ db: trx }, id) => {
    const scope = await readApplicationScope(trx, body.applicationScopeId)
    if (scope === undefined) throw refused('connections.application_scope_not_found')
    await requireParent(trx, id, body.parentId)
    requireCredentialFits(body.type ?? 'connection_and_credential', body.credentialId)
    const row = {
      ...columnsOf(body),
      id,
      name: body.name,
      alias_id: aliasIdOf(scope.key, body.name),
      application_scope_id: scope.id,
      updated_by: editor.actor.displayName,
    }
    await insertAlias(trx, row)
    await requireTypeFits(trx, id)
    return row.alias_id
  })
}

/**
 * A new name is a new alias id: what resolved by the old one no longer finds it, so the web asks first. Names that Anteroom itself asks for stay.
 * @throws `connections.alias_in_use` naming who asks for it
 */
export async function updateAlias(
  deps: ConnectionsDeps,
  id: string,
  { version, ...body }: BodyOf<typeof updateContract>,
  editor: Editor,
): Promise<Alias> {
  const change = { id, version, fields: Object.keys(body) }
  return changeRecord(deps, aliasKind, { change, editor }, async ({ db: trx, seams }, row) => {
    if (body.name !== undefined && body.name !== row.name) requireNotAskedFor(deps, row, 'name')
    await requireParent(trx, id, body.parentId)
    requireCredentialFits(body.type ?? row.type, body.credentialId)
    const before = await destinationsBelow(trx, id)
    const scope = await readApplicationScope(trx, row.application_scope_id)
    const renamed = body.name === undefined ? {} : { alias_id: aliasIdOf(scope?.key ?? 'global', body.name) }
    const turned = body.type === 'connection_and_credential' ? { credential_id: null } : {}
    await updateAliasRow(trx, id, { ...columnsOf(body), ...turned, ...renamed, updated_by: editor.actor.displayName })
    await requireTypeFits(trx, id)
    await requireOneActive(trx, id)
    if (body.parentId !== undefined) await requirePointersFit({ ...deps, db: trx }, id)
    await endTokensThatMoved(trx, { by: editor.actor, now: seams.now() }, before, await destinationsBelow(trx, id))
  })
}

/** @throws `connections.alias_not_found`, `connections.alias_in_use` naming children, connections, what other features point to it with and who asks by name */
export async function deleteAlias(deps: ConnectionsDeps, id: string, editor: Editor): Promise<void> {
  await removeRecord(deps, aliasKind, { id, editor }, async ({ db: trx }, row) => {
    const children = await readChildren(trx, id)
    const connections = await readConnectionViewsOfAlias(trx, id)
    const pointers = await pointersTo({ ...deps, db: trx }, id)
    if (children.length + connections.length + pointers.length > 0) throw inUse(children, connections, pointers)
    requireNotAskedFor(deps, row, null)
    await deleteValuesOfAlias(trx, id)
    await refusing(lastMoment, () => deleteAliasRow(trx, id))
  })
}

/** What began to point to it while it was being deleted. */
const lastMoment = { calendar_providers_override_alias_id_fkey: 'connections.alias_in_use' } as const

const aliasKind: RecordKind<AliasRecord, Alias> = {
  noun: 'alias',
  notFound: 'connections.alias_not_found',
  constraints: {
    aliases_alias_id_key: 'connections.alias_exists',
    aliases_retry_policy_id_fkey: 'connections.retry_policy_not_found',
    aliases_credential_id_fkey: 'connections.credential_not_found',
  },
  lock: lockAliasRow,
  read: ({ db }, id) => readAlias(db, id),
  nameOf: (row) => row.alias_id,
}

/** `scope.name`, and the bare name in Global. */
function aliasIdOf(scopeKey: string, name: string): string {
  return scopeKey === 'global' ? name : `${scopeKey}.${name}`
}

function columnsOf(fields: Partial<Omit<BodyOf<typeof updateContract>, 'version'>>) {
  return sent({
    name: fields.name,
    type: fields.type,
    parent_id: fields.parentId,
    credential_id: fields.credentialId,
    connection_type: fields.connectionType,
    supports_multiple_active_connections: fields.supportsMultipleActiveConnections,
    retry_policy_id: fields.retryPolicyId,
    description: fields.description,
  })
}

/** What asks by name finds nothing under another one. @throws `connections.alias_in_use` naming it */
function requireNotAskedFor({ askedByName = [] }: ConnectionsDeps, row: AliasRecord, field: 'name' | null): void {
  const all = [...askedByName, { aliasId: templateParent, by: 'Templates' }]
  const askers = all.filter(({ aliasId }) => aliasId === row.alias_id).map(({ by }) => by)
  if (askers.length === 0) return
  const say = `${listed(askers)} ask for ${row.alias_id} by this name, so it stays. Say in its description what you would have called it.`
  throw refused('connections.alias_in_use', { say, fields: field === null ? {} : { [field]: say } })
}

/** The type as it will be. @throws `connections.alias_has_no_connections` beside the field */
function requireCredentialFits(type: AliasRecord['type'], credentialId: string | null | undefined): void {
  if (!credentialId || type === 'credential') return
  const say = 'Only an alias of type Credential names a credential. Others get it from their connection.'
  throw refused('connections.alias_has_no_connections', { say, fields: { credentialId: say } })
}

async function requireParent(trx: Database, id: string, parentId: string | null | undefined): Promise<void> {
  if (!parentId) return
  const known = await lockAliasRow(trx, parentId)
  const below = await readDescendantIds(trx, id)
  if (known !== undefined && parentId !== id && !below.includes(parentId)) return
  const say =
    known === undefined
      ? 'The parent does not exist any more. Choose another one.'
      : 'The parent is this alias or one below it. Choose another one.'
  throw refused('connections.alias_parent_refused', { say, fields: { parentId: say } })
}

/** An alias of a credential alone has no connections, and only such a one names a credential itself. */
async function requireTypeFits(trx: Database, id: string): Promise<void> {
  const row = await lockAliasRow(trx, id)
  if (row?.type !== 'credential') return
  const connections = await readConnectionViewsOfAlias(trx, id)
  if (connections.length === 0) return
  const say = `The connections ${listed(connections.map(({ name }) => name))} belong to this alias. Move or delete them first.`
  throw refused('connections.alias_has_no_connections', { say, fields: { type: say } })
}

/** An alias that no longer allows several active connections must not have them, and neither may those that inherit from it. */
async function requireOneActive(trx: Database, id: string): Promise<void> {
  const aliasIds = await readDescendantIds(trx, id)
  const lineages = await readLineages(trx, aliasIds)
  const connections = await readActiveConnections(trx, aliasIds)
  for (const [aliasId, lineage] of lineages) {
    const active = connections.filter((connection) => connection.alias_id === aliasId)
    if (active.length < 2 || effectiveAlias(lineage).supportsMultipleActiveConnections.value) continue
    const say = `${listed(active.map(({ name }) => name))} are all active at ${lineage[0]?.alias.alias_id}. Deactivate all but one first.`
    throw refused('connections.another_connection_active', { say, fields: { supportsMultipleActiveConnections: say } })
  }
}

type Named = { id: string; name: string }

function inUse(children: readonly Named[], connections: readonly Named[], pointers: readonly string[]) {
  const users = [
    ...(connections.length > 0 ? [`the connections ${listed(connections.map(({ name }) => name))}`] : []),
    ...(children.length > 0 ? [`the child aliases ${listed(children.map(({ name }) => name))}`] : []),
    ...pointers,
  ]
  const named = ({ id, name }: Named) => ({ id, name })
  return refused('connections.alias_in_use', {
    say: `This alias is used by ${listed(users)}. Move or delete them first.`,
    facts: { connections: connections.map(named), children: children.map(named) },
  })
}

async function retryPolicyOf(db: Database, lineage: readonly LineageStep[]): Promise<Alias['retryPolicy']> {
  const { value: id, source, from } = effectiveAlias(lineage).retryPolicyId
  const policy = await readPolicyToFollow(db, id)
  if (policy === null) return { value: null, source: 'none', from: null }
  return { value: { id: policy.id, name: policy.name }, source: source === 'none' ? 'default' : source, from }
}

function credentialOf({ credential_id: id, credential_name: name, credential_type: type }: AliasView) {
  return id === null || name === null || type === null ? null : { id, name, type }
}

function rowOf(view: AliasView, lineage: readonly LineageStep[]): AliasRow {
  return {
    id: view.id,
    aliasId: view.alias_id,
    name: view.name,
    applicationScope: scopeOf(view),
    type: view.type,
    parent: view.parent_id === null ? null : { id: view.parent_id, name: view.parent_name ?? '' },
    connectionType: effectiveAlias(lineage).connectionType,
    connectionCount: Number(view.connection_count ?? 0),
    ...stampOf(view),
  }
}
