import { type Command, Option } from 'commander'
import { listReservations, type Reservation } from '#reservations/contract.ts'
import { type ListOptions, withListOptions } from './api-command.ts'
import { callApi } from './call-api.ts'
import { tableText } from './print-table.ts'
import type { Surroundings } from './surroundings.ts'

type Options = ListOptions & { whose: 'mine' | 'all'; when: 'upcoming' | 'past' | 'any' }

/** `anteroom reservation ...` over the REST API. */
export function addReservationCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('reservation').description('room reservations')
  withListOptions(noun.command('list').description('reservations, soonest first, in the time of their building'))
    .addOption(new Option('--whose <people>', 'whose reservations').choices(['mine', 'all']).default('mine'))
    .addOption(new Option('--when <time>', 'which time').choices(['upcoming', 'past', 'any']).default('upcoming'))
    .action((options: Options) => list(surroundings, options))
}

async function list(surroundings: Surroundings, options: Options): Promise<void> {
  const { search, limit, whose, when } = options
  const query = { q: search, pageSize: limit, whose, when }
  const page = await callApi(surroundings, options, listReservations, { query })
  if (options.json) return surroundings.print(JSON.stringify(page, null, 2))
  if (page.rows.length === 0) return surroundings.complain('There are no such reservations.')
  const headings = ['Starts', 'Ends', 'Time zone', 'Room', 'Subject', 'For', 'State']
  surroundings.print(tableText(headings, page.rows.map(rowOf)))
}

function rowOf(reservation: Reservation): string[] {
  const { startsAt, endsAt, timeZone, room, subject, requestedFor, state } = reservation
  return [
    wallTime(startsAt, timeZone),
    wallTime(endsAt, timeZone),
    timeZone,
    room.name,
    subject,
    requestedFor.displayName,
    state.replaceAll('_', ' '),
  ]
}

/** `2026-11-24 10:00`: Swedish dates are written as in ISO 8601. */
function wallTime(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(
    new Date(instant),
  )
}
