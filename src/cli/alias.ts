import type { Command } from 'commander'
import {
  type Alias,
  type AliasRow,
  listAliases,
  type Resolution,
  readAlias,
  resolveAlias,
} from '#connections/alias.contract.ts'
import { type ListOptions, withApiOptions, withListOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { jsonText, recordText, tableText } from './print-table.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

/** `anteroom alias ...` over the REST API. An alias is named by its alias id or its record id. */
export function addAliasCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('alias').description('connection and credential aliases')
  withListOptions(noun.command('list').description('all aliases')).action((options: ListOptions) =>
    list(surroundings, options),
  )
  withApiOptions(
    noun.command('show <alias>').description('one alias with what it inherits, its children and connections'),
  ).action((id: string, options: One) => show(surroundings, id, options))
  withApiOptions(
    noun
      .command('resolve <alias>')
      .description('which connection and credential it leads to for you, and why; exit code 1 when it leads to none'),
  )
    .option('-c, --connection <name>', 'one of several active connections')
    .action((id: string, options: One & { connection?: string }) => resolve(surroundings, id, options))
}

type One = ApiOptions & { json?: boolean }

async function list(surroundings: Surroundings, options: ListOptions): Promise<void> {
  const query = { q: options.search, pageSize: options.limit, sort: 'aliasId' }
  const page = await callApi(surroundings, options, listAliases, { query })
  if (options.json) return surroundings.print(jsonText(page))
  if (page.rows.length === 0) return surroundings.complain('There are no such aliases.')
  const headings = ['Alias', 'Type', 'Parent', 'Application scope', 'Connections']
  surroundings.print(tableText(headings, page.rows.map(rowOf)))
}

function rowOf(row: AliasRow): string[] {
  const { aliasId, type, parent, applicationScope, connectionCount } = row
  return [aliasId, type.replaceAll('_', ' '), parent?.name ?? '', applicationScope.name, String(connectionCount)]
}

async function show(surroundings: Surroundings, id: string, options: One): Promise<void> {
  const alias = await callApi(surroundings, options, readAlias, { params: { id } })
  surroundings.print(options.json ? jsonText(alias) : aliasText(alias))
}

function aliasText(alias: Alias): string {
  const inherited = ({ value, source, from }: { value: unknown; source: string; from: string | null }) =>
    `${value ?? 'none'}${source === 'own' || source === 'none' ? '' : ` (from ${from ?? source})`}`
  return recordText({
    Alias: alias.aliasId,
    'Application scope': alias.applicationScope.name,
    Type: alias.type.replaceAll('_', ' '),
    Parent: alias.parent?.name ?? 'none',
    'Connection type': inherited(alias.connectionType),
    'Several active connections': inherited(alias.supportsMultipleActiveConnections),
    'Retry policy': inherited({ ...alias.retryPolicy, value: alias.retryPolicy.value?.name }),
    Attributes: alias.attributes.map(({ name, type }) => `${name} (${type})`).join(', ') || 'none',
    Children: alias.children.map((child) => child.aliasId).join(', ') || 'none',
    Connections: alias.connections.map((connection) => connection.name).join(', ') || 'none',
    Description: alias.description || 'none',
  })
}

async function resolve(surroundings: Surroundings, id: string, options: One & { connection?: string }): Promise<void> {
  const query = { connection: options.connection }
  const resolution = await callApi(surroundings, options, resolveAlias, { params: { id }, query })
  surroundings.print(options.json ? jsonText(resolution) : resolutionText(resolution))
  if (!resolution.resolved) throw new CommandProblem(resolution.because)
}

function resolutionText(found: Resolution): string {
  const token = found.token === null ? 'none' : `${found.token.state}, ${found.token.account ?? 'no account'}`
  const facts = recordText({
    Alias: found.aliasId,
    Resolved: found.resolved ? 'yes' : 'no',
    Because: found.because,
    Connection: found.connection?.name ?? 'none',
    Address: found.connectionUrl ?? 'none',
    Credential: found.credential === null ? 'none' : `${found.credential.name} (${found.credential.integrationType})`,
    Token: token,
    'Retry policy': found.retryPolicy?.name ?? 'none',
    ...Object.fromEntries(found.attributes.map(({ name, value }) => [name, String(value ?? 'none')])),
  })
  const steps = found.trace.flatMap(({ step, chose, because, passedOver }) => [
    [step, chose ?? '', because],
    ...(passedOver ?? []).map((other) => [`not ${other.name}`, '', other.because]),
  ])
  return steps.length === 0 ? facts : `${facts}\n\n${tableText(['Step', 'Chose', 'Because'], steps)}`
}
