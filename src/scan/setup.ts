import type { Alias } from '#connections/alias.contract.ts'
import { readAlias } from '#connections/alias.ts'
import type { Credential } from '#connections/credential.contract.ts'
import { listCredentials } from '#connections/credential.ts'
import type { ConnectionsDeps } from '#connections/deps.ts'
import { listApps, readApp } from '#connections/oauth-app.ts'
import { readCredential } from '#connections/read-credential.ts'
import { unlessMissing } from './scan-facts.ts'
import type { CredentialFacts, SetupFacts } from './setup-steps.ts'

export const personalAliasId = 'exchange_online.Microsoft_Exchange_Online_PersonalAuth'
const personalAppName = 'Microsoft Exchange Online_personalAuth'
const systemCredentialNames = ['Ms Graph 1', 'Ms Graph 2']

/** Gathers what the founding page's steps are judged by. Reads records only: the live calls were made when tokens were obtained or tested. */
export async function readSetupFacts(deps: ConnectionsDeps, pickedScopeKey: string | null): Promise<SetupFacts> {
  const alias = await unlessMissing(() => readAlias(deps.db, personalAliasId))
  const connection = alias === null ? null : connectionOf(alias)
  const personal = connection?.credentialId ? await readCredential(deps, connection.credentialId) : null
  return {
    pickedScopeKey,
    app: await readAppFacts(deps),
    alias: alias && {
      id: alias.id,
      parentAliasId: alias.parent === null ? null : await aliasIdOf(deps, alias.parent.id),
    },
    connection,
    personal: personal && credentialFacts(personal),
    system: await readSystemFacts(deps),
  }
}

async function aliasIdOf(deps: ConnectionsDeps, id: string): Promise<string> {
  return (await readAlias(deps.db, id)).aliasId
}

/** The active connection, or, when none is, the first: so that the step can name it. */
function connectionOf({ connections }: Alias): SetupFacts['connection'] {
  const row = connections.find(({ active }) => active) ?? connections[0]
  if (row === undefined) return null
  const { id, name, active, connectionUrl, credential } = row
  return { id, name, active, url: connectionUrl.value, credentialId: credential?.id ?? null }
}

async function readAppFacts(deps: ConnectionsDeps): Promise<SetupFacts['app']> {
  const { rows } = await listApps(deps, { q: personalAppName, page: 1, pageSize: 20 })
  const row = rows.find(({ name }) => name === personalAppName)
  if (row === undefined) return null
  const app = await readApp(deps, row.id)
  const missing = [
    ...(app.clientId === '' ? ['Client ID'] : []),
    ...(app.hasClientSecret ? [] : ['Client Secret']),
    ...(isRealAddress(app.authorizationUrl) ? [] : ['Authorization URL']),
    ...(isRealAddress(app.tokenUrl) ? [] : ['Token URL']),
    ...(app.active ? [] : ['Active']),
  ]
  const hasDefaultProfile = app.profiles.some(({ isDefault }) => isDefault)
  return { id: app.id, name: app.name, complete: missing.length === 0, missing, hasDefaultProfile }
}

/** The shipped addresses hold a placeholder in angle brackets where the tenant id belongs. */
function isRealAddress(address: string): boolean {
  return address !== '' && !/[<>]|%3C/i.test(address)
}

async function readSystemFacts(deps: ConnectionsDeps): Promise<CredentialFacts[]> {
  const { rows } = await listCredentials(deps, { q: 'Ms Graph', page: 1, pageSize: 50 })
  const wanted = systemCredentialNames.flatMap((name) => rows.find((row) => row.name === name) ?? [])
  return Promise.all(wanted.map(async ({ id }) => credentialFacts(await readCredential(deps, id))))
}

function credentialFacts({
  id,
  name,
  integrationType,
  oauthEntityProfile,
  expectedAccount,
  token,
}: Credential): CredentialFacts {
  return {
    id,
    name,
    integrationType,
    hasProfile: oauthEntityProfile !== null,
    expectedAccount,
    token: tokenFacts(token),
  }
}

function tokenFacts(token: Credential['token']): CredentialFacts['token'] {
  if (token === null || token.state === 'none') return null
  return {
    ready: token.state === 'ready',
    sentence: token.sentence,
    account: token.account?.email ?? null,
    matchesExpected: token.account?.matchesExpected ?? false,
    probeOk: token.probe?.ok ?? null,
    probeSay: token.probe?.say ?? null,
  }
}
