import { type Command, InvalidArgumentError } from 'commander'
import { checkSealed } from '#connections/check-sealed.ts'
import { forgetSealed, sealedColumns } from '#connections/sealed-values.ts'
import type { Database } from '#db/database.ts'
import { readConfig } from '#kit/config.ts'
import { silentLog } from '#kit/log.ts'
import { resetVault } from '#vault/reset.ts'
import { advanceRotation, beginRotation, destroyTerm } from '#vault/rotation.ts'
import { vaultKeys } from '#vault/status.ts'
import { openVault } from '#vault/vault.ts'
import { onLocalDatabase } from './local-database.ts'
import { tableText } from './print-table.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

const atServer = { id: null, name: 'command line', requestId: null }
const lookEveryMs = 1_000

type Options = { json?: boolean; newRoot?: boolean; wait?: boolean; continue?: boolean; confirm?: string }

/** `anteroom key ...`, on the machine of the server, where the key file is. */
export function addKeyCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('key').description('the keys that seal every stored secret')
  noun
    .command('list')
    .description('every key, what it seals, and how many processes can use it')
    .option('--json', 'print JSON')
    .action((options: Options) => list(surroundings, options))
  noun
    .command('check')
    .description('does the key file fit, and does every sealed value open; exit code 1 when not')
    .option('--json', 'print JSON')
    .action((options: Options) => check(surroundings, options))
  noun
    .command('rotate')
    .description('change to a new key while everything runs, and wrap everything anew')
    .option('--new-root', 'make a new root key too, in the key file, before the old one')
    .option('--continue', 'follow a change that is under way')
    .option('--no-wait', 'begin it only; the service goes on by itself')
    .action((options: Options) => rotate(surroundings, options))
  noun
    .command('destroy')
    .description('take an old key out of use for good, a day after the last value was wrapped anew')
    .argument('<id>', 'its number, as the list shows it', readId)
    .action((id: number) => destroy(surroundings, id))
  noun
    .command('reset')
    .description('the root key is lost for good: give up what it sealed, and begin anew')
    .option('--confirm <installation>', 'the id of the installation that is meant', '')
    .action((options: Options) => reset(surroundings, options))
}

type Server = { db: Database; rootKeyFile: string; seams: Surroundings['seams']; log: typeof silentLog }

function onServer<T>(surroundings: Surroundings, work: (server: Server) => Promise<T>): Promise<T> {
  const { rootKeyFile } = readConfig(surroundings.environment, surroundings.folder)
  return onLocalDatabase(surroundings, (db) => work({ db, rootKeyFile, seams: surroundings.seams, log: silentLog }))
}

async function list(surroundings: Surroundings, { json }: Options): Promise<void> {
  const { keys, processes } = await onServer(surroundings, ({ db }) => vaultKeys(db, sealedColumns))
  if (json) return surroundings.print(JSON.stringify({ keys, processes }, null, 2))
  const rows = keys.map(({ id, state, values, knownTo, createdAt, rewrappedAt }) => [
    String(id),
    state.replace('_', ' '),
    String(values),
    `${knownTo} of ${processes}`,
    createdAt,
    rewrappedAt ?? '',
  ])
  surroundings.print(tableText(['Key', 'State', 'Seals', 'Known to', 'Made', 'Empty since'], rows))
}

async function check(surroundings: Surroundings, { json }: Options): Promise<void> {
  const found = await onServer(surroundings, async (server) => {
    const vault = await openVault(server)
    const state = vault.state()
    if (state.is === 'sealed') throw new CommandProblem(state.because)
    return checkSealed({ db: server.db, vault })
  })
  if (json) surroundings.print(JSON.stringify(found, null, 2))
  const [first] = found.failed
  if (first !== undefined) {
    const { table, column, id, because } = first
    throw new CommandProblem(
      `${found.failed.length} sealed values do not open; the first is ${table}.${column} of ${id} (${because}).`,
    )
  }
  if (!json) surroundings.print(`The root key fits, and all ${found.opened} sealed values open.`)
}

async function rotate(surroundings: Surroundings, options: Options): Promise<void> {
  await onServer(surroundings, async (server) => {
    if (!options.continue) {
      const id = await beginRotation(server, atServer, { newRoot: options.newRoot ?? false })
      surroundings.print(`Key ${id} was made. It is used as soon as every process can use it.`)
      if (options.newRoot)
        surroundings.print(
          `Copy ${server.rootKeyFile} to every machine of this installation, and keep a copy elsewhere.`,
        )
    }
    if (options.wait !== false) await follow(surroundings, server)
  })
}

/** Goes on with it itself, so that nobody waits for the next full minute; a service does the same. */
async function follow(surroundings: Surroundings, server: Server): Promise<void> {
  const vault = await openVault(server)
  let said = ''
  for (;;) {
    await advanceRotation({ ...server, vault, columns: sealedColumns })
    const { keys, processes } = await vaultKeys(server.db, sealedColumns)
    const step = stepOf(keys, processes)
    if (step.say !== said) surroundings.print(step.say)
    said = step.say
    if (step.done) return
    await server.seams.wait(lookEveryMs)
  }
}

function stepOf(
  keys: Awaited<ReturnType<typeof vaultKeys>>['keys'],
  processes: number,
): { say: string; done: boolean } {
  const pending = keys.find(({ state }) => state === 'pending')
  if (pending !== undefined && processes === 0)
    return { say: 'No Anteroom process is running. It goes on by itself when one does.', done: true }
  if (pending !== undefined) return { say: `Known to ${pending.knownTo} of ${processes} processes.`, done: false }
  const old = keys.filter(({ state, rewrappedAt }) => state === 'decrypt_only' && rewrappedAt === null)
  const left = old.reduce((sum, { values }) => sum + values, 0)
  if (left > 0) return { say: `${left} values are still to be wrapped anew.`, done: false }
  if (old.length > 0)
    return { say: 'Everything is wrapped anew. Waiting until nobody can still be using the old key.', done: false }
  return { say: 'Done. Check it with: anteroom key check', done: true }
}

async function destroy(surroundings: Surroundings, term: number): Promise<void> {
  const now = surroundings.seams.now()
  await onServer(surroundings, ({ db }) => destroyTerm({ db, columns: sealedColumns }, atServer, { term, now }))
  surroundings.print(
    `Key ${term} is destroyed. If its root key is the second line of the key file, that line can go too.`,
  )
}

async function reset(surroundings: Surroundings, { confirm = '' }: Options): Promise<void> {
  const forget = (trx: Database) => forgetSealed(trx, surroundings.seams.now())
  const count = await onServer(surroundings, (server) => resetVault(server, { confirmed: confirm, forget }))
  surroundings.print(
    `${count} tokens, and all client secrets, certificates and values of credentials were given up. Enter those again, then press Get OAuth Token; people authorise again.`,
  )
}

function readId(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('Use the number that anteroom key list shows.')
  return Number(text)
}
