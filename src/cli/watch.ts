import { type Command, Option } from 'commander'
import {
  compareRoomNow,
  type HoldWord,
  listWatchedRooms,
  readRoomNow,
  releaseRoom,
  type WatchedRoom,
  type WatchState,
  watchStates,
} from '#watch/contract.ts'
import { type ListOptions, withApiOptions, withListOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { tableText } from './print-table.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type Options = ApiOptions & { json?: boolean }
type ReleaseOptions = Options & { gone?: boolean; readAgain?: boolean }

/** `anteroom watch ...` over the REST API. A room is named as people call it, or by its mailbox. */
export function addWatchCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('watch').description('how rooms’ calendars are read')
  withListOptions(noun.command('list').description('rooms, how each is watched, and when it was read'))
    .addOption(new Option('--state <state>', 'only these').choices([...watchStates]))
    .action((options: ListOptions & { state?: WatchState }) => list(surroundings, options))
  withApiOptions(noun.command('read <room>').description('read a room’s calendar now')).action(
    (room: string, options: Options) => begin(surroundings, { room, operation: readRoomNow }, options),
  )
  withApiOptions(noun.command('compare <room>').description('compare all of it, and mend what was missed')).action(
    (room: string, options: Options) => begin(surroundings, { room, operation: compareRoomNow }, options),
  )
  withApiOptions(noun.command('release <room>').description('let a held room go on, with a word about what is missing'))
    .option('--gone', 'the missing meetings were really deleted')
    .option('--read-again', 'forget what is missing, and read everything anew')
    .action((room: string, options: ReleaseOptions) => release(surroundings, room, options))
}

async function list(surroundings: Surroundings, options: ListOptions & { state?: WatchState }): Promise<void> {
  const query = { q: options.search, pageSize: options.limit, state: options.state }
  const page = await callApi(surroundings, options, listWatchedRooms, { query })
  if (options.json) return surroundings.print(JSON.stringify(page, null, 2))
  if (page.rows.length === 0) return surroundings.complain('There are no such rooms.')
  surroundings.print(tableText(['Room', 'State', 'Method', 'As', 'Read', 'Missed', ''], page.rows.map(rowOf)))
}

function rowOf({ room, state, method, identity, readAt, driftFound, say, error }: WatchedRoom): string[] {
  return [room.name, state, method ?? '', identity ?? '', readAt ?? '', String(driftFound), error?.say ?? say ?? '']
}

type Beginning = { room: string; operation: typeof readRoomNow | typeof compareRoomNow }

async function begin(surroundings: Surroundings, { room, operation }: Beginning, options: Options): Promise<void> {
  const id = await roomIdOf(surroundings, room, options)
  const answer = await callApi(surroundings, options, operation, { params: { id } })
  surroundings.print(options.json ? JSON.stringify(answer, null, 2) : answer.say)
}

async function release(surroundings: Surroundings, room: string, options: ReleaseOptions): Promise<void> {
  const id = await roomIdOf(surroundings, room, options)
  const watched = await callApi(surroundings, options, releaseRoom, { params: { id }, body: { word: wordOf(options) } })
  if (options.json) return surroundings.print(JSON.stringify(watched, null, 2))
  surroundings.print(`${watched.room.name} goes on, and is being read.`)
}

function wordOf({ gone, readAgain }: ReleaseOptions): HoldWord {
  if (gone === readAgain) throw new CommandProblem('Say which it is: --gone or --read-again.')
  return gone ? 'they_are_gone' : 'read_again'
}

async function roomIdOf(surroundings: Surroundings, room: string, options: ApiOptions): Promise<string> {
  const query = { q: room, pageSize: 200 }
  const { rows } = await callApi(surroundings, options, listWatchedRooms, { query })
  const wanted = room.toLowerCase()
  const found = rows.filter((row) => [row.room.name, row.room.mailbox].some((name) => name.toLowerCase() === wanted))
  if (found.length > 1) throw new CommandProblem(`Several rooms are called ${room}. Name one by its mailbox.`)
  if (found[0] === undefined) throw new CommandProblem(`${room} is not watched.`)
  return found[0].room.id
}
