import type { Command } from 'commander'
import {
  addClientSecret,
  generateKeyPair,
  removeClientCertificate,
  removeClientSecret,
} from '#connections/client-proof.contract.ts'
import { listOAuthApps, type OAuthApp, type OAuthAppRow, readOAuthApp } from '#connections/oauth-app.contract.ts'
import { type ListOptions, readDays, withApiOptions, withListOptions } from './api-command.ts'
import { type ApiOptions, callApi } from './call-api.ts'
import { jsonText, recordText, tableText } from './print-table.ts'
import { readSecret } from './read-secret.ts'
import { recordId } from './record-id.ts'
import { CommandProblem, type Surroundings } from './surroundings.ts'

type One = ApiOptions & { json?: boolean }
type SecretOptions = One & { label: string; expires?: string }
type KeyPairOptions = One & { label: string; days?: number }

/** `anteroom oauth-app ...` over the REST API: above all, what a scripted rollover needs. */
export function addOAuthAppCommands(program: Command, surroundings: Surroundings): void {
  const noun = program.command('oauth-app').description('the application registry, client secrets and certificates')
  withListOptions(noun.command('list').description('all OAuth apps')).action((options: ListOptions) =>
    list(surroundings, options),
  )
  const one = (usage: string, description: string) => withApiOptions(noun.command(usage).description(description))
  one('show <app>', 'one OAuth app with its secrets and certificates').action((name: string, options: One) =>
    show(surroundings, name, options),
  )
  one('add-secret <app>', 'another client secret, from the standard input; those that are stored stay')
    .requiredOption('--label <text>', 'what to call it, such as "from 2027"')
    .option('--expires <day>', 'its last day as the provider says it, such as 2027-11-30')
    .action((name: string, options: SecretOptions) => addSecret(surroundings, name, options))
  one('remove-secret <app> <label>', 'destroy a client secret that is stored').action(
    (name: string, label: string, options: One) => removeSecret(surroundings, [name, label], options),
  )
  one('generate-key-pair <app>', 'a new key pair; prints the certificate, to be uploaded at the provider')
    .requiredOption('--label <text>', 'what to call it')
    .option('--days <number>', 'how long the certificate holds, 1 to 730', readDays(730))
    .action((name: string, options: KeyPairOptions) => generate(surroundings, name, options))
  one('certificate <app> [label]', 'print a certificate: the newest, unless another is named').action(
    (name: string, label: string | undefined, options: One) => certificate(surroundings, [name, label], options),
  )
  one('remove-certificate <app> <label>', 'destroy a certificate with its private key').action(
    (name: string, label: string, options: One) => removeCertificate(surroundings, [name, label], options),
  )
}

async function list(surroundings: Surroundings, options: ListOptions): Promise<void> {
  const query = { q: options.search, pageSize: options.limit, sort: 'name' }
  const page = await callApi(surroundings, options, listOAuthApps, { query })
  if (options.json) return surroundings.print(jsonText(page))
  if (page.rows.length === 0) return surroundings.complain('There are no such OAuth apps.')
  const headings = ['OAuth app', 'Client ID', 'Grant', 'Client secret', 'Active', 'Application scope']
  surroundings.print(tableText(headings, page.rows.map(rowOf)))
}

function rowOf({ name, clientId, defaultGrantType, hasClientSecret, active, applicationScope }: OAuthAppRow): string[] {
  const grant = defaultGrantType.replaceAll('_', ' ')
  return [name, clientId, grant, hasClientSecret ? 'set' : 'none', active ? 'yes' : 'no', applicationScope.name]
}

async function find(surroundings: Surroundings, name: string, options: One): Promise<OAuthApp> {
  const id = await recordId('OAuth app', name, (query) => callApi(surroundings, options, listOAuthApps, { query }))
  return callApi(surroundings, options, readOAuthApp, { params: { id } })
}

async function show(surroundings: Surroundings, name: string, options: One): Promise<void> {
  const app = await find(surroundings, name, options)
  surroundings.print(options.json ? jsonText(app) : appText(app))
}

function appText(app: OAuthApp): string {
  const facts = recordText({
    'OAuth app': app.name,
    Id: app.id,
    'Client ID': app.clientId || 'none',
    Provider: app.provider,
    Grant: app.defaultGrantType.replaceAll('_', ' '),
    'Client authentication': app.clientAuthentication,
    'Token URL': app.tokenUrl || 'none',
    'Redirect URL': app.redirectUrl,
    Active: app.active ? 'yes' : 'no',
    ...(app.cautions.length === 0 ? {} : { Caution: app.cautions.join(' ') }),
  })
  const proofs = [
    ...app.clientSecrets.map((one) => ['client secret', one.label, one.expiresOn ?? 'not known', history(one)]),
    ...app.certificates.map((one) => ['certificate', one.label, one.expiresAt.slice(0, 10), history(one)]),
  ]
  return proofs.length === 0 ? facts : `${facts}\n\n${tableText(['Kind', 'Label', 'Expires on', 'State'], proofs)}`
}

function history({
  workedAt,
  refusedAt,
  active,
}: {
  workedAt: string | null
  refusedAt: string | null
  active?: boolean
}) {
  if (active === false) return 'not active'
  if (refusedAt !== null) return `refused ${refusedAt.slice(0, 10)}`
  return workedAt === null ? 'not used yet' : `worked ${workedAt.slice(0, 10)}`
}

async function addSecret(surroundings: Surroundings, name: string, options: SecretOptions): Promise<void> {
  const { id } = await find(surroundings, name, options)
  const { label, expires } = options
  const body = {
    label,
    value: await readSecret(surroundings),
    ...(expires === undefined ? {} : { expiresOn: expires }),
  }
  const after = await callApi(surroundings, options, addClientSecret, { params: { id }, body })
  say(
    surroundings,
    options,
    after,
    `${label} is stored. ${after.clientSecrets.length} client secrets are tried in turn.`,
  )
}

async function removeSecret(surroundings: Surroundings, [name, label]: [string, string], options: One): Promise<void> {
  const app = await find(surroundings, name, options)
  const params = { id: app.id, secretId: labelled(app.clientSecrets, label).id }
  say(surroundings, options, await callApi(surroundings, options, removeClientSecret, { params }), `${label} is gone.`)
}

async function generate(surroundings: Surroundings, name: string, options: KeyPairOptions): Promise<void> {
  const app = await find(surroundings, name, options)
  const known = new Set(app.certificates.map(({ id }) => id))
  const { label, days } = options
  const body = { label, ...(days === undefined ? {} : { days }) }
  const after = await callApi(surroundings, options, generateKeyPair, { params: { id: app.id }, body })
  const made = after.certificates.find(({ id }) => !known.has(id))
  say(surroundings, options, after, (made?.certificate ?? '').trim())
}

type Labelled = [name: string, label: string | undefined]

async function certificate(surroundings: Surroundings, [name, label]: Labelled, options: One): Promise<void> {
  const { certificates } = await find(surroundings, name, options)
  const shown = label === undefined ? certificates[0] : labelled(certificates, label)
  if (shown === undefined) throw new CommandProblem(`${name} has no certificate.`)
  surroundings.print(options.json ? jsonText(shown) : shown.certificate.trim())
}

async function removeCertificate(
  surroundings: Surroundings,
  [name, label]: [string, string],
  options: One,
): Promise<void> {
  const app = await find(surroundings, name, options)
  const params = { id: app.id, certificateId: labelled(app.certificates, label).id }
  const after = await callApi(surroundings, options, removeClientCertificate, { params })
  say(surroundings, options, after, `${label} is gone, and its private key with it.`)
}

function say(surroundings: Surroundings, { json }: One, after: OAuthApp, words: string): void {
  surroundings.print(json ? jsonText(after) : words)
}

/** The one of this label; labels are for people, so two may be alike. */
function labelled<T extends { id: string; label: string }>(all: readonly T[], label: string): T {
  const [found, another] = all.filter((one) => one.label === label || one.id === label)
  if (found === undefined) throw new CommandProblem(`Nothing is labelled "${label}" there.`)
  if (another !== undefined) {
    throw new CommandProblem(`Several are labelled "${label}". Use the id, which --json of show prints.`)
  }
  return found
}
