import type { Command } from 'commander'
import {
  type Credential,
  type CredentialRow,
  generateCredentialKeyPair,
  listCredentials,
  readCredential,
  testCredential,
  updateCredential,
} from '#connections/credential.contract.ts'
import { type ListOptions, readDays, withApiOptions, withListOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { jsonText, recordText, tableText } from './print-table.ts'
import { readSecret } from './read-secret.ts'
import { recordId } from './record-id.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type One = ApiOptions & { json?: boolean }

/** `anteroom credential ...` over the REST API. A credential is named by its name or its id. */
export function addCredentialCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('credential').description('how calls say who makes them')
  withListOptions(noun.command('list').description('all credentials, and whether they can be used')).action(
    (options: ListOptions) => list(surroundings, options),
  )
  const one = (usage: string, description: string) => withApiOptions(noun.command(usage).description(description))
  one('show <credential>', 'one credential; of its value only when it was set, and by whom').action(
    (name: string, options: One) => show(surroundings, name, options),
  )
  one(
    'set-value <credential>',
    'set its password, key, token, or certificate with key, from the standard input',
  ).action((name: string, options: One) => setValue(surroundings, name, options))
  one('test <credential>', 'call its address once and say what came back; exit code 1 when it was refused').action(
    (name: string, options: One) => test(surroundings, name, options),
  )
  one('generate-key-pair <credential>', 'for a client certificate: a new key pair; prints the certificate')
    .option('--days <number>', 'how long the certificate holds, 1 to 730', readDays(730))
    .action((name: string, options: One & { days?: number }) => generate(surroundings, name, options))
  one('certificate <credential>', 'print the certificate, for whoever has to trust it').action(
    (name: string, options: One) => certificate(surroundings, name, options),
  )
}

async function list(surroundings: Surroundings, options: ListOptions): Promise<void> {
  const query = { q: options.search, pageSize: options.limit, sort: 'name' }
  const page = await callApi(surroundings, options, listCredentials, { query })
  if (options.json) return surroundings.print(jsonText(page))
  if (page.rows.length === 0) return surroundings.complain('There are no such credentials.')
  const headings = ['Credential', 'Type', 'Integration', 'State', 'Account', 'Application scope']
  surroundings.print(tableText(headings, page.rows.map(rowOf)))
}

function rowOf({ name, type, integrationType, tokenState, tokenAccount, applicationScope }: CredentialRow): string[] {
  return [name, inWords(type), integrationType, inWords(tokenState), tokenAccount ?? '', applicationScope.name]
}

async function show(surroundings: Surroundings, name: string, options: One): Promise<void> {
  const credential = await find(surroundings, name, options)
  surroundings.print(options.json ? jsonText(credential) : credentialText(credential))
}

async function find(surroundings: Surroundings, name: string, options: One): Promise<Credential> {
  return callApi(surroundings, options, readCredential, { params: { id: await idOf(surroundings, name, options) } })
}

function idOf(surroundings: Surroundings, name: string, options: One): Promise<string> {
  return recordId('credential', name, (query) => callApi(surroundings, options, listCredentials, { query }))
}

function credentialText(credential: Credential): string {
  const { value, certificate: shown, caution, destination, username, keyIn, keyName } = credential
  const usedBy = [
    ...credential.usedByAliases.map(({ aliasId }) => aliasId),
    ...credential.usedBy.map((use) => use.name),
  ]
  return recordText({
    Credential: credential.name,
    Id: credential.id,
    Type: inWords(credential.type),
    'Application scope': credential.applicationScope.name,
    Active: credential.active ? 'yes' : 'no',
    State: credential.sentence,
    ...(destination === null ? {} : { 'Sent to': destination }),
    ...(username === null ? {} : { 'User name': username }),
    ...(keyName === null ? {} : { 'Sent as': `${keyIn === 'query' ? 'query parameter' : 'header'} ${keyName}` }),
    ...(value === null ? {} : { [capital(value.what)]: whenSet(value) }),
    ...(shown === null
      ? {}
      : { 'Certificate SHA-256': shown.sha256, 'Certificate ends': shown.expiresAt.slice(0, 10) }),
    ...(caution === null ? {} : { Caution: caution }),
    'Used by': usedBy.join(', ') || 'nothing',
  })
}

function whenSet({ isSet, setAt, setBy }: NonNullable<Credential['value']>): string {
  if (!isSet) return 'not set'
  return `set${setAt === null ? '' : ` on ${setAt.slice(0, 10)}`} by ${setBy ?? 'somebody'}`
}

async function setValue(surroundings: Surroundings, name: string, options: One): Promise<void> {
  const { id, version } = await find(surroundings, name, options)
  const secret = await readSecret(surroundings)
  const after = await callApi(surroundings, options, updateCredential, { params: { id }, body: { version, secret } })
  surroundings.print(options.json ? jsonText(after) : after.sentence)
}

async function test(surroundings: Surroundings, name: string, options: One): Promise<void> {
  const id = await idOf(surroundings, name, options)
  const outcome = await callApi(surroundings, options, testCredential, { params: { id } })
  if (options.json) surroundings.print(jsonText(outcome))
  if (outcome.ok === false) throw new CommandProblem(outcome.say)
  if (!options.json) surroundings.print(outcome.say)
}

async function generate(surroundings: Surroundings, name: string, options: One & { days?: number }): Promise<void> {
  const id = await idOf(surroundings, name, options)
  const body = options.days === undefined ? {} : { days: options.days }
  const after = await callApi(surroundings, options, generateCredentialKeyPair, { params: { id }, body })
  surroundings.print(options.json ? jsonText(after) : (after.certificate?.certificate ?? '').trim())
}

async function certificate(surroundings: Surroundings, name: string, options: One): Promise<void> {
  const { certificate: shown } = await find(surroundings, name, options)
  if (shown === null) throw new CommandProblem(`${name} has no certificate.`)
  surroundings.print(options.json ? jsonText(shown) : shown.certificate.trim())
}

function inWords(value: string): string {
  return value.replaceAll('_', ' ')
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}
