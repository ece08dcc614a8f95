import type { Command } from 'commander'
import {
  activateSyncConfigurations,
  createForBuilding,
  deactivateSyncConfigurations,
  listSyncConfigurations,
  probeSyncConfiguration,
  type RowOutcome,
  type SyncConfiguration,
} from '#providers/sync-configuration.contract.ts'
import { listBuildingRecords } from '#rooms/room-record.contract.ts'
import { type ListOptions, withApiOptions, withListOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { tableText } from './print-table.ts'
import { probeText, providerNamed } from './provider.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type Options = ApiOptions & { json?: boolean }
type BulkOptions = Options & { provider: string }

/** `anteroom sync-configuration ...` over the REST API. A configuration is named by its room or the room's mailbox. */
export function addSyncConfigurationCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('sync-configuration').description('which rooms are kept in step with Outlook')
  withListOptions(noun.command('list').description('rooms and how they are watched')).action((options: ListOptions) =>
    list(surroundings, options),
  )
  withApiOptions(noun.command('create <building>').description('for all rooms of a building that have none'))
    .requiredOption('--provider <name>', 'the calendar provider that keeps them in step')
    .action((building: string, options: BulkOptions) => create(surroundings, building, options))
  for (const verb of ['activate', 'deactivate'] as const)
    withApiOptions(noun.command(`${verb} <rooms...>`).description(`${verb} one or many`)).action(
      (rooms: string[], options: Options) => setActive(surroundings, { rooms, verb }, options),
    )
  withApiOptions(noun.command('test <room>').description('test now, by live calls, what can be done')).action(
    (room: string, options: Options) => test(surroundings, room, options),
  )
}

async function list(surroundings: Surroundings, options: ListOptions): Promise<void> {
  const query = { q: options.search, pageSize: options.limit }
  const page = await callApi(surroundings, options, listSyncConfigurations, { query })
  if (options.json) return surroundings.print(JSON.stringify(page, null, 2))
  if (page.rows.length === 0) return surroundings.complain('There are no such sync configurations.')
  surroundings.print(tableText(['Room', 'Mailbox', 'Building', 'Provider', 'Active', 'Watch'], page.rows.map(rowOf)))
}

function rowOf({ room, provider, active, noRequest, watch }: SyncConfiguration): string[] {
  const state = active ? (noRequest ? 'yes, no request' : 'yes') : 'no'
  const watched = watch === null ? '' : `${watch.state}${watch.say === null ? '' : `: ${watch.say}`}`
  return [room.name, room.mailbox, room.building.name, provider.name, state, watched]
}

async function create(surroundings: Surroundings, building: string, options: BulkOptions): Promise<void> {
  const query = { q: building, pageSize: 200 }
  const { rows } = await callApi(surroundings, options, listBuildingRecords, { query })
  const found = rows.find(({ name }) => name.toLowerCase() === building.toLowerCase())
  if (found === undefined) throw new CommandProblem(`There is no building ${building}.`)
  const provider = await providerNamed(surroundings, options.provider, options)
  const body = { buildingId: found.id, providerId: provider.id }
  showOutcomes(surroundings, options, await callApi(surroundings, options, createForBuilding, { body }))
}

async function setActive(
  surroundings: Surroundings,
  { rooms, verb }: { rooms: readonly string[]; verb: 'activate' | 'deactivate' },
  options: Options,
): Promise<void> {
  const ids: string[] = []
  for (const room of rooms) ids.push((await configurationOf(surroundings, room, options)).id)
  const operation = verb === 'activate' ? activateSyncConfigurations : deactivateSyncConfigurations
  showOutcomes(surroundings, options, await callApi(surroundings, options, operation, { body: { ids } }))
}

async function test(surroundings: Surroundings, room: string, options: Options): Promise<void> {
  const { id } = await configurationOf(surroundings, room, options)
  const answer = await callApi(surroundings, options, probeSyncConfiguration, { params: { id } })
  surroundings.print(options.json ? JSON.stringify(answer, null, 2) : probeText(answer))
}

async function configurationOf(surroundings: Surroundings, room: string, options: ApiOptions) {
  const query = { q: room, pageSize: 200 }
  const { rows } = await callApi(surroundings, options, listSyncConfigurations, { query })
  const wanted = room.toLowerCase()
  const found = rows.filter((row) => [row.room.name, row.room.mailbox].some((name) => name.toLowerCase() === wanted))
  if (found.length > 1) throw new CommandProblem(`Several rooms are called ${room}. Name one by its mailbox.`)
  if (found[0] === undefined) throw new CommandProblem(`${room} has no sync configuration.`)
  return found[0]
}

/** Every outcome is printed; one that is not as wished makes the command fail. */
function showOutcomes(surroundings: Surroundings, { json }: Options, { outcomes }: { outcomes: RowOutcome[] }): void {
  const rows = outcomes.map(({ name, code, say }) => [name, code, say])
  surroundings.print(json ? JSON.stringify({ outcomes }, null, 2) : tableText(['Room', 'Outcome', ''], rows))
  const failed = outcomes.filter(({ ok, code }) => !ok && code !== 'providers.configuration_exists')
  if (failed.length > 0) throw new CommandProblem(`${failed.length} of ${outcomes.length} were refused.`)
}
