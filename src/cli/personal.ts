import type { Command } from 'commander'
import {
  type PersonalToken,
  readPersonalToken,
  revokePersonalTokenOfAlias,
} from '#connections/personal-token.contract.ts'
import { listPersonalConnections } from '#connections/token.contract.ts'
import { withApiOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { jsonText, recordText, tableText } from './print-table.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type One = ApiOptions & { json?: boolean }

/** `anteroom personal ...`: what Anteroom may do with the permission of the API token's owner. */
export function addPersonalCommands(program: Command, surroundings: Surroundings): void {
  const noun = program
    .command('personal')
    .description('your own permission: is it valid, where to give it, take it back')
  const one = (usage: string, description: string) => withApiOptions(noun.command(usage).description(description))
  one('list', 'My connections').action((options: One) => list(surroundings, options))
  one('status <alias>', 'is your permission valid, and why; exit code 1 when it is not').action(
    (id: string, options: One) => status(surroundings, id, options),
  )
  one('url <alias>', 'the page where you give it, after signing in').action((id: string, options: One) =>
    url(surroundings, id, options),
  )
  one('revoke <alias>', 'take it back').action((id: string, options: One) => revoke(surroundings, id, options))
}

async function list(surroundings: Surroundings, options: One): Promise<void> {
  const answer = await callApi(surroundings, options, listPersonalConnections, {})
  if (options.json) return surroundings.print(jsonText(answer))
  if (answer.connections.length === 0) return surroundings.complain('Nothing asks for your own permission.')
  const rows = answer.connections.map((one) => [one.credential.name, one.usedFor, one.account, one.token.sentence])
  surroundings.print(tableText(['Credential', 'Used for', 'Account', 'State'], rows))
}

async function status(surroundings: Surroundings, id: string, options: One): Promise<void> {
  const token = await callApi(surroundings, options, readPersonalToken, { params: { id } })
  surroundings.print(options.json ? jsonText(token) : statusText(token))
  if (!token.valid) throw new CommandProblem(token.nextStep ?? token.reason)
}

function statusText({ aliasId, valid, state, reason, account, worksUntil }: PersonalToken): string {
  return recordText({
    Alias: aliasId,
    Valid: valid ? 'yes' : 'no',
    State: state.replaceAll('_', ' '),
    Because: reason,
    Account: account ?? 'none',
    ...(worksUntil === null ? {} : { 'Works until': worksUntil }),
  })
}

async function url(surroundings: Surroundings, id: string, options: One): Promise<void> {
  const token = await callApi(surroundings, options, readPersonalToken, { params: { id } })
  surroundings.print(options.json ? jsonText({ initiatorUrl: token.initiatorUrl }) : token.initiatorUrl)
}

async function revoke(surroundings: Surroundings, id: string, options: One): Promise<void> {
  const after = await callApi(surroundings, options, revokePersonalTokenOfAlias, { params: { id } })
  if (options.json) return surroundings.print(jsonText(after))
  if (after.receipt === null) return surroundings.complain('There was nothing to take back.')
  surroundings.print(after.reason)
}
