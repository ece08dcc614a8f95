import { type Command, Option } from 'commander'
import { type TokenScope, tokenScopes } from '#http/contract.ts'
import { issueApiToken } from '#people/api-token.ts'
import { findOwner } from '#people/user.ts'
import { readDays } from './api-command.ts'
import { onLocalDatabase } from './local-database.ts'
import { recordText } from './print-table.ts'
import { saveToken } from './saved-token.ts'
import type { Surroundings } from './surroundings.ts'

type CreateOptions = {
  user: string
  name: string
  days: number
  scopes: TokenScope[]
  save?: boolean
  json?: boolean
}

/** `anteroom api-token ...`: on the machine of the server, without signing in. */
export function addApiTokenCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('api-token').description('API tokens, for scripts and this command line')
  noun
    .command('create')
    .description('create a token for somebody; run it on the machine of the server')
    .requiredOption('--user <email>', 'whose token: an e-mail address, or the id of a user')
    .option('--name <text>', 'what it is for', 'command line')
    .option('--days <number>', 'how long it works, 1 to 365', readDays(365), 90)
    .addOption(new Option('--scopes <names...>', 'what it is for at most').choices(tokenScopes).default(['everything']))
    .option('--save', 'keep it in ~/.config/anteroom/token for the other commands instead of printing it')
    .option('--json', 'print JSON')
    .action((options: CreateOptions) => create(surroundings, options))
}

async function create(surroundings: Surroundings, options: CreateOptions): Promise<void> {
  const { seams, print } = surroundings
  const { record, token, owner } = await onLocalDatabase(surroundings, async (db) => {
    const person = await findOwner({ db }, options.user)
    const issued = await issueApiToken(
      { db, seams },
      {
        owner: person,
        by: { id: null, name: 'command line' },
        name: options.name,
        expiresInDays: options.days,
        scopes: options.scopes,
      },
    )
    return { ...issued, owner: person }
  })
  const savedIn = options.save ? saveToken(surroundings, token) : null
  const facts = {
    id: record.id,
    user: owner.email,
    name: record.name,
    scopes: record.scopes.join(' '),
    expiresAt: record.expires_at.toISOString(),
    ...(savedIn === null ? { token: token.open('show_once') } : { savedIn }),
  }
  print(options.json ? JSON.stringify(facts, null, 2) : recordText(facts))
  if (savedIn === null && !options.json) surroundings.complain('It is shown only now. Keep it like a password.')
}
