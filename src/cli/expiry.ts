import type { Command } from 'commander'
import { type Expiry, listExpiries } from '#connections/expiry.contract.ts'
import { withApiOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { jsonText, tableText } from './print-table.ts'
import type { Surroundings } from './surroundings.ts'

/** `anteroom expiry ...` over the REST API. */
export function addExpiryCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('expiry').description('what ends and when')
  withApiOptions(
    noun.command('list').description('client secrets, certificates and permissions that end, the soonest first'),
  ).action((options: ApiOptions & { json?: boolean }) => list(surroundings, options))
}

async function list(surroundings: Surroundings, options: ApiOptions & { json?: boolean }): Promise<void> {
  const answer = await callApi(surroundings, options, listExpiries, {})
  if (options.json) return surroundings.print(jsonText(answer))
  if (answer.expiries.length === 0) return surroundings.complain('Nothing expires within 400 days.')
  const headings = ['Expires on', 'Days', 'Kind', 'What', 'What to do']
  surroundings.print(tableText(headings, answer.expiries.map(rowOf)))
}

function rowOf({ expiresOn, daysLeft, kind, subject, label, account, say }: Expiry): string[] {
  const what = [subject.name, label, account].filter((part) => part !== null).join(': ')
  return [expiresOn, String(daysLeft), kind.replaceAll('_', ' '), what, say]
}
