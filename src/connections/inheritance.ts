import type { ConnectionRecord } from './connection-queries.ts'
import type { AliasRecord, LineageStep } from './lineage-queries.ts'

/** All of them, or a long row of slashes would be looked at once for each. */
const trailingSlashes = /(?<!\/)\/+$/

/**
 * The written table of inheritance. A field that is empty (null) takes the value of the nearest parent alias that has one: alias
 * fields from the alias itself, connection fields from that alias's active connection. What is not listed is never inherited; above
 * all not the credential, because whose permission a call uses must be said on the connection that makes it.
 *
 * | record     | property                          | inherited | if nobody has it |
 * | ---------- | --------------------------------- | --------- | ---------------- |
 * | alias      | connectionType                    | yes       | http             |
 * | alias      | supportsMultipleActiveConnections | yes       | false            |
 * | alias      | retryPolicy                       | yes       | the default    |
 * | connection | connectionUrl (or its builder)    | yes       | nothing          |
 * | connection | timeoutMs                         | yes       | 30,000           |
 * | connection | credential, active, name          | no        |                  |
 */
export const inheritance = {
  alias: { connectionType: 'http', supportsMultipleActiveConnections: false, retryPolicyId: null },
  connection: { connectionUrl: null, timeoutMs: 30_000 },
} as const

export type Effective<T> = { value: T; source: 'own' | 'parent' | 'default' | 'none'; from: string | null }

/** The first value of a chain that begins with the record itself and goes up to its parents. */
export function firstOf<T>(chain: readonly { name: string; value: T | null }[], fallback: T): Effective<T> {
  const index = chain.findIndex(({ value }) => value !== null)
  const found = chain[index]
  if (found === undefined || found.value === null) {
    return { value: fallback, source: fallback === null ? 'none' : 'default', from: null }
  }
  return { value: found.value, source: index === 0 ? 'own' : 'parent', from: index === 0 ? null : found.name }
}

/** Effective values of an alias. `lineage` begins with the alias itself. */
export function effectiveAlias(lineage: readonly LineageStep[]) {
  const chain = <T>(pick: (alias: AliasRecord) => T | null) =>
    lineage.map(({ alias }) => ({ name: alias.name, value: pick(alias) }))
  return {
    connectionType: firstOf<'http'>(
      chain((alias) => alias.connection_type),
      inheritance.alias.connectionType,
    ),
    supportsMultipleActiveConnections: firstOf<boolean>(
      chain((alias) => alias.supports_multiple_active_connections),
      inheritance.alias.supportsMultipleActiveConnections,
    ),
    retryPolicyId: firstOf<string | null>(
      chain((alias) => alias.retry_policy_id),
      inheritance.alias.retryPolicyId,
    ),
  }
}

/** Effective values of a connection. `lineage` begins with its alias; the parents' active connections are what it inherits from. */
export function effectiveConnection(connection: ConnectionRecord, lineage: readonly LineageStep[]) {
  const parents = lineage.slice(1).flatMap(({ activeConnection }) => activeConnection ?? [])
  const chain = <T>(pick: (connection: ConnectionRecord) => T | null) =>
    [connection, ...parents].map((one) => ({ name: one.name, value: pick(one) }))
  const [parent] = parents
  return {
    connectionUrl: firstOf<string | null>(chain(ownUrl), inheritance.connection.connectionUrl),
    timeoutMs: firstOf<number>(
      chain((one) => one.timeout_ms),
      inheritance.connection.timeoutMs,
    ),
    inheritsFrom: parent === undefined ? null : { id: parent.id, name: parent.name },
  }
}

/** A connection's own address, typed in one piece or put together by the URL builder, without a trailing slash. */
export function ownUrl(connection: ConnectionRecord): string | null {
  const { use_url_builder: built, protocol, host, port, base_path: path, connection_url: typed } = connection
  if (!built) return typed === null ? null : typed.replace(trailingSlashes, '')
  if (host === null || host === '') return null
  const url = `${protocol ?? 'https'}://${host}${port === null ? '' : `:${port}`}/${(path ?? '').replace(/^\/+/, '')}`
  return url.replace(trailingSlashes, '')
}
