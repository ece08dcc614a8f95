import type { TraceStep } from './alias.contract.ts'
import { readAliasView } from './alias-queries.ts'
import type { AttributeOfConnection } from './attribute.contract.ts'
import { readAttributesOfConnection } from './attribute.ts'
import { type ConnectionRecord, readConnectionsOfAlias } from './connection-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { type Effective, effectiveAlias, effectiveConnection, inheritance } from './inheritance.ts'
import { type AliasRecord, type LineageStep, readLineage } from './lineage-queries.ts'
import type { RetryPolicy } from './retry-decision.ts'
import { readPolicyToFollow } from './retry-policy.ts'

/** What an alias comes to before anybody's permission is looked at. Filled in as far as it is known. */
export type FoundConnection = {
  alias?: AliasRecord
  connection?: ConnectionRecord
  url?: string | null
  timeoutMs?: number
  attributes?: AttributeOfConnection[]
  retryPolicy?: (RetryPolicy & { id: string }) | null
}

export type Sought = {
  aliasId: string
  /** Name or id of one of the alias's connections, for callers that know which of several they want. */
  connection?: string | undefined
}

/** Which credential a call is made with, and where. An alias of a credential alone has no connection and no address of its own. */
export type Place = { credentialId: string; baseUrl: string | null; timeoutMs: number }

/**
 * Finds what an alias leads to: the credential of its connection, or of an alias of type Credential the one it names.
 * @throws `connections.alias_not_found`, `connections.connection_not_found`, `connections.not_set`
 */
export async function findPlace(
  { db }: Pick<ConnectionsDeps, 'db'>,
  sought: Sought,
  { trace, found }: { trace: TraceStep[]; found: FoundConnection },
): Promise<Place> {
  const view = await readAliasView(db, sought.aliasId)
  if (view === undefined) throw refused('connections.alias_not_found')
  found.alias = view
  const lineage = await readLineage(db, view.id)
  trace.push({ step: 'alias', chose: view.alias_id, because: sayLineage(lineage) })
  return view.type === 'credential'
    ? findCredential(db, view, { lineage, trace, found })
    : findConnection(db, view, { lineage, sought, trace, found })
}

type Finding = { lineage: readonly LineageStep[]; trace: TraceStep[]; found: FoundConnection }

/** Nothing is inherited here: whose permission a call uses must be said on the alias that names the credential. */
async function findCredential(
  db: ConnectionsDeps['db'],
  alias: AliasRecord,
  { lineage, trace, found }: Finding,
): Promise<Place> {
  trace.push({
    step: 'connection',
    chose: null,
    because: 'It is an alias of a credential alone, which says itself where it goes.',
  })
  const { timeoutMs } = inheritance.connection
  found.timeoutMs = timeoutMs
  await findPolicy(db, { lineage, trace, found })
  if (alias.credential_id === null) throw notSet(`${alias.alias_id} names no credential. Choose one on its form.`)
  return { credentialId: alias.credential_id, baseUrl: null, timeoutMs }
}

/**
 * Chooses the connection of an alias and puts together what holds for it. Of several active connections it is the one with the lowest
 * order, and of equal ones the first by name; a caller may name another. An inactive one is never used, not even when it is named.
 */
async function findConnection(
  db: ConnectionsDeps['db'],
  view: AliasRecord,
  { lineage, sought, trace, found }: Finding & { sought: Sought },
): Promise<Place> {
  const connection = choose(await readConnectionsOfAlias(db, view.id), { sought, trace, aliasId: view.alias_id })
  found.connection = connection
  const { connectionUrl, timeoutMs } = effectiveConnection(connection, lineage)
  found.url = connectionUrl.value
  found.timeoutMs = timeoutMs.value
  found.attributes = await readAttributesOfConnection(db, connection, lineage)
  if (connectionUrl.value === null)
    throw notSet(`The connection ${connection.name} has no Connection URL, and no parent has one.`)
  const said = (one: Effective<unknown>) => saySource(one, lineage)
  trace.push({ step: 'connectionUrl', chose: connectionUrl.value, ...said(connectionUrl) })
  trace.push({ step: 'timeoutMs', chose: String(timeoutMs.value), ...said(timeoutMs) })
  for (const attribute of found.attributes) {
    const chose = attribute.value === null ? null : String(attribute.value)
    trace.push({ step: `attribute ${attribute.name}`, chose, ...said(attribute) })
  }
  await findPolicy(db, { lineage, trace, found })
  if (connection.credential_id === null)
    throw notSet(`The connection ${connection.name} has no credential. Choose one on its form.`)
  return { credentialId: connection.credential_id, baseUrl: connectionUrl.value, timeoutMs: timeoutMs.value }
}

async function findPolicy(db: ConnectionsDeps['db'], { lineage, trace, found }: Finding): Promise<void> {
  const { retryPolicyId } = effectiveAlias(lineage)
  found.retryPolicy = await readPolicyToFollow(db, retryPolicyId.value)
  trace.push({ step: 'retryPolicy', chose: found.retryPolicy?.name ?? null, ...sayPolicy(retryPolicyId, lineage) })
}

function choose(
  all: readonly ConnectionRecord[],
  { sought, trace, aliasId }: { sought: Sought; trace: TraceStep[]; aliasId: string },
): ConnectionRecord {
  const active = all.filter((one) => one.active)
  const inactive = all.filter((one) => !one.active).map(({ name }) => ({ name, because: 'It is not active.' }))
  const named = sought.connection?.toLowerCase()
  const chosen =
    named === undefined ? active[0] : active.find(({ id, name }) => [id, name.toLowerCase()].includes(named))
  if (chosen === undefined) {
    trace.push({
      step: 'connection',
      chose: null,
      because: 'None of its connections can be used.',
      passedOver: inactive,
    })
    if (named !== undefined && active.length > 0) throw notOfAlias(String(sought.connection), aliasId)
    throw notSet(`${aliasId} has no active connection. Create one on its Connections tab, or activate one.`)
  }
  const others = active.filter((one) => one !== chosen)
  const passedOver = [...others.map((one) => ({ name: one.name, because: sayOther(one, named) })), ...inactive]
  const because = sayChosen(chosen, { others: others.length, named: named !== undefined })
  trace.push({ step: 'connection', chose: chosen.name, because, ...(passedOver.length === 0 ? {} : { passedOver }) })
  return chosen
}

function sayChosen(chosen: ConnectionRecord, { others, named }: { others: number; named: boolean }): string {
  if (named) return 'It was asked for by name.'
  if (others === 0) return 'It is the alias’s only active connection.'
  return `Of ${others + 1} active connections it has the lowest order (${chosen.sort_order}), or the first name among those.`
}

function sayOther(one: ConnectionRecord, named: string | undefined): string {
  return named === undefined ? `Its order is ${one.sort_order}.` : 'Another one was asked for.'
}

function sayLineage(lineage: readonly LineageStep[]): string {
  const [, parent, ...further] = lineage.map(({ alias }) => alias.name)
  if (parent === undefined) return 'It has no parent.'
  return [`It is a child of ${parent}`, ...further.map((name) => `which is a child of ${name}`)].join(', ').concat('.')
}

type Said = { because: string; source: NonNullable<TraceStep['source']> }

/** Connection fields and attributes are inherited from the active connection of an alias above. */
function saySource({ source, from }: Effective<unknown>, lineage: readonly LineageStep[]): Said {
  if (source === 'own') return { source: 'own', because: 'Set on the connection itself.' }
  if (source !== 'parent') return sayDefault(source)
  const depth = lineage.findIndex(({ activeConnection }) => activeConnection?.name === from)
  return { source: relation(depth), because: `Inherited from ${from}.` }
}

function sayPolicy({ source, from }: Effective<unknown>, lineage: readonly LineageStep[]): Said {
  if (source === 'own') return { source: 'own', because: 'Set on the alias itself.' }
  if (source !== 'parent') return { source: 'default', because: 'It is the default policy.' }
  const depth = lineage.findIndex(({ alias }) => alias.name === from)
  return { source: relation(depth), because: `Inherited from ${from}.` }
}

function sayDefault(source: 'default' | 'none'): Said {
  return source === 'none'
    ? { source, because: 'Nobody says anything.' }
    : { source, because: 'The product’s default.' }
}

function relation(depth: number): Said['source'] {
  if (depth <= 1) return 'parent'
  return depth === 2 ? 'grandparent' : 'ancestor'
}

function notSet(say: string) {
  return refused('connections.not_set', { say })
}

function notOfAlias(connection: string, aliasId: string) {
  return refused('connections.connection_not_found', {
    say: `${aliasId} has no active connection called ${connection}. Its resolution without a name lists them.`,
  })
}
