import { type Command, InvalidArgumentError } from 'commander'
import { type AuditEntryRow, listAudit } from '#audit/contract.ts'
import { type ChainMark, type Verification, verifyAudit } from '#audit/verify.ts'
import { type ListOptions, withListOptions } from './api-command.ts'
import { callApi } from './call-api.ts'
import { onLocalDatabase } from './local-database.ts'
import { tableText } from './print-table.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type FilterOptions = { from?: string; to?: string; feature?: string; action?: string; page: number }
type VerifyOptions = { includes?: ChainMark; json?: boolean }

/** `anteroom audit ...`: `list` over the REST API, `verify` on the machine of the server, so that nothing stands between it and the table. */
export function addAuditCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('audit').description('who did what to what')
  withListOptions(noun.command('list').description('entries of the trail, newest first'))
    .option('--from <time>', 'not before this time, such as 2026-11-24T00:00:00Z')
    .option('--to <time>', 'before this time')
    .option('--feature <name>', 'only what begins so: people, connections, ...')
    .option('--action <name>', 'only this action, such as people.signed_in')
    .option('--page <number>', 'which page', readPage, 1)
    .action((options: ListOptions & FilterOptions) => list(surroundings, options))
  noun
    .command('verify')
    .description('walk the whole chain; exit code 1 when an entry was altered or taken out')
    .option('--includes <seq:hash>', 'where an earlier run ended: shows that nothing was cut off since', readMark)
    .option('--json', 'print JSON')
    .action((options: VerifyOptions) => verify(surroundings, options))
}

async function list(surroundings: Surroundings, options: ListOptions & FilterOptions): Promise<void> {
  const { search, limit, from, to, feature, action, page: number } = options
  const query = { q: search, pageSize: limit, page: number, from, to, feature, action }
  const page = await callApi(surroundings, options, listAudit, { query })
  if (options.json) return surroundings.print(JSON.stringify(page, null, 2))
  if (page.rows.length === 0) return surroundings.complain('There are no such entries.')
  surroundings.print(tableText(['Seq', 'At', 'Who', 'Action', 'Subject', 'Request'], page.rows.map(rowOf)))
}

function rowOf({ seq, at, actor, action, subject, requestId }: AuditEntryRow): string[] {
  return [seq, at, actor.name, action, `${subject.kind} ${subject.name}`, requestId ?? '']
}

async function verify(surroundings: Surroundings, { includes, json }: VerifyOptions): Promise<void> {
  const result = await onLocalDatabase(surroundings, (db) => verifyAudit(db, includes))
  if (json) surroundings.print(JSON.stringify(result, null, 2))
  const problem = problemIn(result, includes)
  if (problem !== null) throw new CommandProblem(problem)
  if (json) return
  surroundings.print(
    result.end === null
      ? 'The trail is empty.'
      : `${result.checked} entries, unbroken. It ends with ${result.end.seq}:${result.end.hash}`,
  )
}

function problemIn({ broken, includesMark, checked }: Verification, mark: ChainMark | undefined): string | null {
  if (broken !== null) {
    const { seq, at, action, because } = broken
    const what = because === 'altered' ? 'was altered' : 'follows an entry that was altered or taken out'
    return `Entry ${seq} (${action}, ${at.toISOString()}) ${what}. The ${checked} entries before it are unbroken. Compare with a backup.`
  }
  if (includesMark === false) {
    return `The chain fits, but entry ${mark?.seq} with that hash is not in it any more: entries were taken out, or all was written anew.`
  }
  return null
}

function readMark(text: string): ChainMark {
  const [, seq, hash] = /^(\d{1,19}):([0-9a-f]{64})$/.exec(text) ?? []
  if (seq === undefined || hash === undefined)
    throw new InvalidArgumentError('Use the number and hash that an earlier run printed, as 123:0ab4….')
  return { seq, hash }
}

function readPage(text: string): number {
  const page = Number(text)
  if (!Number.isInteger(page) || page < 1) throw new InvalidArgumentError('Use a whole number from 1.')
  return page
}
