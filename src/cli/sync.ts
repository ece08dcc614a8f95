import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Health, readHealth } from '#sync/health.contract.ts'
import { saySpan } from '#sync/say-span.ts'
import {
  listSyncEvents,
  readSyncEvent,
  reprocessSyncEvents,
  type SyncEvent,
  type SyncEventRecord,
  type SyncEventState,
  subStates,
  syncEventStates,
} from '#sync/sync-event.contract.ts'
import { type ListOptions, withApiOptions, withListOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { recordText, tableText } from './print-table.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type JsonOptions = ApiOptions & { json?: boolean }
type FilterOptions = { state?: SyncEventState; outcome?: SyncEvent['subState']; since?: string; page: number }

/** `anteroom sync ...` over the REST API: what goes to Outlook, and whether all is well. */
export function addSyncCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('sync').description('what goes to Outlook, what came of it, and whether all is well')
  withListOptions(noun.command('events').description('sync events, newest first'))
    .addOption(new Option('--state <state>', 'only those in this state').choices(syncEventStates))
    .addOption(new Option('--outcome <outcome>', 'only those that came to this').choices(subStates))
    .option('--since <time>', 'made at this time or later, such as 2026-11-24T00:00:00Z')
    .option('--page <number>', 'which page', readPage, 1)
    .action((options: ListOptions & FilterOptions) => events(surroundings, options))
  withApiOptions(noun.command('event').description('one sync event, with what was sent and what was answered'))
    .argument('<number>', 'its number')
    .action((seq: string, options: JsonOptions) => event(surroundings, seq, options))
  withApiOptions(noun.command('reprocess').description('let sync events go out again; exit code 1 when one did not'))
    .argument('<numbers...>', 'their numbers, at most 200')
    .action((seqs: string[], options: JsonOptions) => reprocess(surroundings, seqs, options))
  withApiOptions(
    noun.command('health').description('is all well? exit code 1 when somebody has to do something'),
  ).action((options: JsonOptions) => health(surroundings, options))
}

async function events(surroundings: Surroundings, options: ListOptions & FilterOptions): Promise<void> {
  const { search, limit, state, outcome, since, page: number } = options
  const query = { q: search, pageSize: limit, page: number, state, subState: outcome ?? undefined, since }
  const page = await callApi(surroundings, options, listSyncEvents, { query })
  if (options.json) return surroundings.print(jsonText(page))
  if (page.rows.length === 0) return surroundings.complain('There are no such sync events.')
  const headings = ['Number', 'Made', 'Action', 'Room', 'Subject', 'State', 'Outcome', 'Identity']
  surroundings.print(tableText(headings, page.rows.map(rowOf)))
}

function rowOf({ seq, createdAt, action, room, reservation, state, subState, identity }: SyncEvent): string[] {
  return [seq, createdAt, action, room.name, reservation.subject, state, subState ?? '', identity ?? '']
}

async function event(surroundings: Surroundings, seq: string, options: JsonOptions): Promise<void> {
  const record = await callApi(surroundings, options, readSyncEvent, { params: { seq } })
  surroundings.print(options.json ? jsonText(record) : recordText(factsOf(record)))
}

function factsOf(record: SyncEventRecord): Record<string, string> {
  const { reservation, room, providerPayload, response } = record
  const facts = {
    Number: record.seq,
    'In short': record.say,
    State: [record.state, record.subState].filter((part) => part !== null).join(', '),
    Reservation: `${reservation.subject} (${reservation.id})`,
    Room: room.name,
    'Whose change': record.askedBy ?? 'Anteroom’s own',
    Calendar: record.mailbox,
    Identity: record.identity,
    Attempts: String(record.attempts),
    'Next attempt': record.nextAttemptAt,
    Made: record.createdAt,
    Processed: record.processedAt,
    Reason: record.errorCode,
    'Graph request': record.requestId,
    Sent: providerPayload === null ? null : JSON.stringify(providerPayload),
    Answer: response === null ? null : JSON.stringify(response),
  }
  return Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string] => fact[1] !== null))
}

async function reprocess(surroundings: Surroundings, seqs: string[], options: JsonOptions): Promise<void> {
  const { outcomes } = await callApi(surroundings, options, reprocessSyncEvents, { body: { seqs } })
  const rows = outcomes.map(({ seq, is, say }) => [seq, is, say])
  surroundings.print(options.json ? jsonText({ outcomes }) : tableText(['Number', 'Outcome', 'What it says'], rows))
  const refused = outcomes.filter(({ is }) => is === 'refused').length
  if (refused > 0) throw new CommandProblem(`${refused} of ${outcomes.length} did not go out again; each says why.`)
}

async function health(surroundings: Surroundings, options: JsonOptions): Promise<void> {
  const found = await callApi(surroundings, options, readHealth, {})
  surroundings.print(options.json ? jsonText(found) : healthText(found))
  if (found.verdict.is === 'trouble') throw new CommandProblem('Somebody has to do something.')
}

function healthText({ verdict, lag, queue, drift, subscriptions, rooms }: Health): string {
  const { inbound, outbound } = lag
  const facts = {
    'Outlook to here': lagText(inbound.hour),
    'Here to Outlook': lagText(outbound.hour),
    'Waits for Outlook': `${queue.outbox.waiting}, and ${queue.outbox.forPermission} for a permission`,
    Drift: `${drift.now} now, ${drift.found} so far`,
    Subscriptions: `${subscriptions.active} active, ${subscriptions.failed} failed`,
    Rooms: Object.entries(rooms.counts)
      .filter(([, count]) => count > 0)
      .map(([condition, count]) => `${count} ${condition.replaceAll('_', ' ')}`)
      .join(', '),
  }
  const causes = verdict.causes.map(({ say }) => `- ${say}`)
  return [verdict.say, ...causes, '', recordText(facts)].join('\n')
}

function lagText({ count, p50Ms, p95Ms, p99Ms }: Health['lag']['inbound']['hour']): string {
  if (p50Ms === null || p95Ms === null || p99Ms === null) return 'nothing in the last hour'
  return `half within ${saySpan(p50Ms)}, 95 % within ${saySpan(p95Ms)}, 99 % within ${saySpan(p99Ms)} (${count} in the last hour)`
}

function jsonText(value: unknown): string {
  return JSON.stringify(value, null, 2)
}

function readPage(text: string): number {
  const page = Number(text)
  if (!Number.isInteger(page) || page < 1) throw new InvalidArgumentError('Use a whole number from 1.')
  return page
}
