import { Command, CommanderError } from 'commander'
import { ConfigMistake } from '#kit/config.ts'
import { Refusal } from '#kit/refusal.ts'
import { addAliasCommands } from './alias.ts'
import { addApiTokenCommands } from './api-token.ts'
import { addAuditCommands } from './audit.ts'
import { addConnectionCommands } from './connection.ts'
import { addCredentialCommands } from './credential.ts'
import { addExpiryCommands } from './expiry.ts'
import { addKeyCommands } from './key.ts'
import { addOAuthAppCommands } from './oauth-app.ts'
import { addPersonalCommands } from './personal.ts'
import { onOneLine } from './print-table.ts'
import { addPropertyCommands } from './property.ts'
import { addProviderCommands } from './provider.ts'
import { addReservationCommands } from './reservation.ts'
import { addScanCommand } from './scan.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'
import { addSyncCommands } from './sync.ts'
import { addSyncConfigurationCommands } from './sync-configuration.ts'
import { addWatchCommands } from './watch.ts'

/**
 * Runs one command, such as `['alias', 'list', '--json']`.
 * @returns the exit code: 0 done, 1 it did not work and one line says what to do, 2 the command was not understood.
 */
export async function runCommand(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const program = new Command('anteroom')
    .description('Anteroom on the command line. What it can do, the REST API at /api/openapi.json can do too.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.print(text.trimEnd()),
      writeErr: (text) => surroundings.complain(text.trimEnd()),
    })
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for the commands and options)')
  addAliasCommands(program, surroundings)
  addConnectionCommands(program, surroundings)
  addCredentialCommands(program, surroundings)
  addOAuthAppCommands(program, surroundings)
  addExpiryCommands(program, surroundings)
  addPersonalCommands(program, surroundings)
  addReservationCommands(program, surroundings)
  addSyncCommands(program, surroundings)
  addApiTokenCommands(program, surroundings)
  addPropertyCommands(program, surroundings)
  addProviderCommands(program, surroundings)
  addSyncConfigurationCommands(program, surroundings)
  addWatchCommands(program, surroundings)
  addScanCommand(program, surroundings)
  addAuditCommands(program, surroundings)
  addKeyCommands(program, surroundings)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return 0
  } catch (problem) {
    return exitCodeOf(problem, surroundings)
  }
}

function exitCodeOf(problem: unknown, { complain }: Surroundings): number {
  // Commander has printed its own message already.
  if (problem instanceof CommanderError) return problem.exitCode === 0 ? 0 : 2
  const foreseen = problem instanceof CommandProblem || problem instanceof Refusal || problem instanceof ConfigMistake
  const say = onOneLine(problem instanceof Error ? problem.message : String(problem))
  complain(foreseen ? `anteroom: ${say}` : `anteroom: this should not happen, please report it: ${say}`)
  return 1
}
