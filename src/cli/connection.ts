import type { Command } from 'commander'
import {
  type Connection,
  type ConnectionRow,
  listConnections,
  readConnection,
} from '#connections/connection.contract.ts'
import { type ListOptions, withApiOptions, withListOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { jsonText, recordText, tableText } from './print-table.ts'
import { recordId } from './record-id.ts'
import type { Surroundings } from './surroundings.ts'

type One = ApiOptions & { json?: boolean }

/** `anteroom connection ...` over the REST API. A connection is named by its name or its id. */
export function addConnectionCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('connection').description('where the calls of an alias go, and with what')
  withListOptions(noun.command('list').description('all connections')).action((options: ListOptions) =>
    list(surroundings, options),
  )
  withApiOptions(noun.command('show <connection>').description('one connection with what it inherits')).action(
    (name: string, options: One) => show(surroundings, name, options),
  )
}

async function list(surroundings: Surroundings, options: ListOptions): Promise<void> {
  const query = { q: options.search, pageSize: options.limit, sort: 'name' }
  const page = await callApi(surroundings, options, listConnections, { query })
  if (options.json) return surroundings.print(jsonText(page))
  if (page.rows.length === 0) return surroundings.complain('There are no such connections.')
  surroundings.print(tableText(['Connection', 'Alias', 'Address', 'Credential', 'Active'], page.rows.map(rowOf)))
}

function rowOf({ name, alias, connectionUrl, credential, active }: ConnectionRow): string[] {
  return [name, alias.aliasId, connectionUrl.value ?? 'none', credential?.name ?? 'none', active ? 'yes' : 'no']
}

async function show(surroundings: Surroundings, name: string, options: One): Promise<void> {
  const id = await recordId('connection', name, (query) => callApi(surroundings, options, listConnections, { query }))
  const connection = await callApi(surroundings, options, readConnection, { params: { id } })
  surroundings.print(options.json ? jsonText(connection) : connectionText(connection))
}

function connectionText(connection: Connection): string {
  const { alias, credential, connectionUrl, timeoutMs, inheritsFrom } = connection
  return recordText({
    Connection: connection.name,
    Id: connection.id,
    Alias: alias.aliasId,
    'Application scope': connection.applicationScope.name,
    Active: connection.active ? 'yes' : 'no',
    Order: String(connection.order),
    Address: inherited(connectionUrl.value ?? 'none', connectionUrl),
    Credential: credential?.name ?? 'none',
    Timeout: inherited(`${timeoutMs.value} ms`, timeoutMs),
    'Inherits from': inheritsFrom?.name ?? 'none',
  })
}

function inherited(value: string, { source, from }: { source: string; from: string | null }): string {
  return source === 'own' || source === 'none' ? value : `${value} (from ${from ?? source})`
}
