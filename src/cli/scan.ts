import type { Command } from 'commander'
import { readFindings } from '#scan/contract.ts'
import { withApiOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { tableText } from './print-table.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

/** `anteroom scan`: is the set-up right? Exit code 1 when something does not work, so that a script notices. */
export function addScanCommand(program: Command, surroundings: Surroundings): void {
  withApiOptions(program.command('scan').description('is the set-up of calendar synchronization right?')).action(
    (options: ApiOptions & { json?: boolean }) => scan(surroundings, options),
  )
}

async function scan(surroundings: Surroundings, options: ApiOptions & { json?: boolean }): Promise<void> {
  const report = await callApi(surroundings, options, readFindings, {})
  const { findings, checks } = report
  if (options.json) surroundings.print(JSON.stringify(report, null, 2))
  else if (findings.length === 0) surroundings.print(`Nothing found. ${checks.length} checks were made.`)
  else {
    const rows = findings.map(({ meaning, subject, say, action }) => [meaning, subject, say, action])
    surroundings.print(tableText(['', 'What', 'Found', 'What to do'], rows))
  }
  const refused = findings.filter(({ meaning }) => meaning === 'refused').length
  if (refused > 0) throw new CommandProblem(`${refused} of ${findings.length} findings keep something from working.`)
}
