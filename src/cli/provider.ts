import type { Command } from 'commander'
import {
  type CalendarProvider,
  type CalendarProviderRow,
  listCalendarProviders,
  probeCalendarProvider,
  readCalendarProvider,
} from '#providers/calendar-provider.contract.ts'
import type { ProbeAnswer } from '#providers/contract.ts'
import { type ListOptions, withApiOptions, withListOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { recordText, tableText } from './print-table.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type Options = ApiOptions & { json?: boolean }

/** `anteroom provider ...` over the REST API. A calendar provider is named by its name. */
export function addProviderCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('provider').description('calendar providers')
  withListOptions(noun.command('list').description('calendar providers, and who acts through each')).action(
    (options: ListOptions) => list(surroundings, options),
  )
  withApiOptions(
    noun.command('show <name>').description('one provider: whose permission it uses, and its rooms'),
  ).action((name: string, options: Options) => show(surroundings, name, options))
  withApiOptions(
    noun.command('test <name>').description('test now, by live calls, what it can do with one of its rooms'),
  ).action((name: string, options: Options) => test(surroundings, name, options))
}

/** The provider of this name. */
export async function providerNamed(surroundings: Surroundings, name: string, options: ApiOptions) {
  const { rows } = await callApi(surroundings, options, listCalendarProviders, { query: { q: name, pageSize: 200 } })
  const found = rows.find((row) => row.name.toLowerCase() === name.toLowerCase())
  if (found === undefined)
    throw new CommandProblem(`There is no calendar provider ${name}. See anteroom provider list.`)
  return found
}

/** What a test found, a line for each thing that was tried. */
export function probeText({ capabilities, method, watcher }: ProbeAnswer): string {
  const word = (ok: boolean | null) => (ok === null ? 'open' : ok ? 'yes' : 'no')
  const rows = Object.entries(capabilities).map(([name, { ok, say }]) => [name, word(ok), say])
  const how = { delta: 'its changes are followed', windows: 'its calendar is read and compared' }
  const watched = method === null ? 'The room cannot be watched yet.' : `Watched by ${watcher}: ${how[method]}.`
  return `${tableText(['Can', '', 'Because'], rows)}\n\n${watched}`
}

async function list(surroundings: Surroundings, options: ListOptions): Promise<void> {
  const query = { q: options.search, pageSize: options.limit }
  const page = await callApi(surroundings, options, listCalendarProviders, { query })
  if (options.json) return surroundings.print(JSON.stringify(page, null, 2))
  if (page.rows.length === 0) return surroundings.complain('There are no such calendar providers.')
  surroundings.print(tableText(['Name', 'Mode', 'Rooms', 'Acts for the system'], page.rows.map(rowOf)))
}

function rowOf({ name, active, mode, activeRoomCount, roomCount, acting }: CalendarProviderRow): string[] {
  const who = active ? (acting.identity ?? acting.say) : 'inactive'
  return [name, mode, `${activeRoomCount} of ${roomCount}`, who]
}

async function show(surroundings: Surroundings, name: string, options: Options): Promise<void> {
  const { id } = await providerNamed(surroundings, name, options)
  const provider = await callApi(surroundings, options, readCalendarProvider, { params: { id } })
  surroundings.print(options.json ? JSON.stringify(provider, null, 2) : providerText(provider))
}

function providerText(provider: CalendarProvider): string {
  return recordText({
    Provider: provider.name,
    Active: provider.active ? 'yes' : 'no',
    Mode: `${provider.mode}${provider.ownMode === null ? ' (from the property sync.mode)' : ''}`,
    Alias: `${provider.alias.aliasId}${provider.overrideAlias === null ? ' (the mode’s own)' : ''}`,
    'Delegated user': provider.delegatedUserEmail ?? 'none',
    'Acts for the system': provider.acting.say,
    Rooms: `${provider.activeRoomCount} active of ${provider.roomCount}`,
    Watching: `${provider.watching.watching} watched, ${provider.watching.waiting} waiting, ${provider.watching.held} held`,
    Starts: provider.syncStartsOn ?? 'open',
    Ends: provider.syncEndsOn ?? 'open',
    Description: provider.description || 'none',
  })
}

async function test(surroundings: Surroundings, name: string, options: Options): Promise<void> {
  const { id } = await providerNamed(surroundings, name, options)
  const answer = await callApi(surroundings, options, probeCalendarProvider, { params: { id } })
  if (options.json) return surroundings.print(JSON.stringify(answer, null, 2))
  surroundings.print(answer.found === null ? answer.say : `${probeText(answer.found)}\n${answer.say}`)
}
