import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { ensureAlias } from './alias-queries.ts'
import { ensureApplicationScope } from './application-scope-queries.ts'
import { ensureConnection } from './connection-queries.ts'
import { ensureCredential } from './credential-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { defaultApiUrl, tenantPlaceholder } from './entra.ts'
import { ensureOAuthApp, insertEntityScopes, readEntityScopes } from './oauth-app-queries.ts'
import { shipDefaultPolicy } from './retry-policy.ts'

/**
 * The records every installation begins with. Their names are what documentation and people search for, so they are kept exactly.
 * Running it again adds what is missing and changes nothing that is there: what an administrator edited stays edited.
 */
export async function shipRecords({ db, seams }: Pick<ConnectionsDeps, 'db' | 'seams'>): Promise<void> {
  await transaction(db, async (trx) => {
    const id = seams.newId
    const scopes = await shipScopes(trx, id)
    for (const app of shippedApps) await shipApp(trx, id, { ...app, application_scope_id: scopes.exchangeOnline })
    await shipDefaultPolicy(trx, id())
    await shipAliases(trx, id, scopes.exchangeOnline)
  })
}

type NewId = () => string

async function shipScopes(trx: Database, id: NewId) {
  await ensureApplicationScope(trx, { id: id(), key: 'global', name: 'Global' })
  const exchangeOnline = { id: id(), key: 'exchange_online', name: 'Microsoft Exchange Online Spoke' }
  const calendarSync = { id: id(), key: 'workplace_calendar_sync', name: 'Workplace Calendar Synchronization' }
  return {
    exchangeOnline: await ensureApplicationScope(trx, exchangeOnline),
    calendarSync: await ensureApplicationScope(trx, calendarSync),
  }
}

const authority = `https://login.microsoftonline.com/${tenantPlaceholder}/oauth2/v2.0`

const shippedApps = [
  {
    name: 'Microsoft Exchange Online_clientCredentials',
    redirect_context: 'exchange-online-client-credentials',
    default_grant_type: 'client_credentials' as const,
    comments: 'Normal mode: the application acts with its own permissions.',
    scopes: ['https://graph.microsoft.com/.default'],
  },
  {
    name: 'Microsoft Exchange Online_personalAuth',
    redirect_context: 'exchange-online-personal-auth',
    default_grant_type: 'authorization_code' as const,
    comments: 'Strict and personal mode: people sign in and give their own permission.',
    scopes: ['Calendars.ReadWrite', 'Calendars.ReadWrite.Shared', 'offline_access'],
  },
]

async function shipApp(
  trx: Database,
  id: NewId,
  { scopes, ...app }: (typeof shippedApps)[number] & { application_scope_id: string },
): Promise<void> {
  const addresses = { authorization_url: `${authority}/authorize`, token_url: `${authority}/token` }
  const appId = await ensureOAuthApp(trx, { id: id(), ...app, ...addresses })
  if ((await readEntityScopes(trx, appId)).length > 0) return
  await insertEntityScopes(
    trx,
    scopes.map((scope) => ({ id: id(), oauth_app_id: appId, name: scope.replace(/^.*\//, ''), scope })),
  )
}

/** Aliases with the connection of each, and the credential of that connection. Only the parent's connection has an address; the others inherit it. */
const shippedAliases = [
  {
    name: 'Microsoft_Exchange_Online',
    description: 'Exchange Online through Microsoft Graph. Its children inherit what they do not say themselves.',
    connection: { name: 'Ms Graph 1', connection_url: defaultApiUrl },
    credential: { name: 'Ms Graph 1', integration_type: 'system' as const, sort_order: 1 },
    comments: 'The delegated user whose mailbox organises meetings and reads rooms.',
  },
  {
    name: 'Microsoft_Exchange_Online_clientCred',
    description: 'What the application does by itself.',
    connection: { name: 'Ms Graph 2', connection_url: null },
    credential: { name: 'Ms Graph 2', integration_type: 'system' as const, sort_order: 2 },
    comments: 'The delegated user, or in normal mode the application itself.',
  },
  {
    name: 'Microsoft_Exchange_Online_PersonalAuth',
    description: 'What people do themselves, with their own permission.',
    connection: { name: 'Ms Graph Personal', connection_url: null },
    credential: { name: 'Ms Graph Personal', integration_type: 'personal' as const, sort_order: 3 },
    comments: 'Puts the rooms you reserve into your own Outlook calendar, with your own permission.',
  },
]

async function shipAliases(trx: Database, id: NewId, application_scope_id: string): Promise<void> {
  let parentId: string | null = null
  for (const { name, description, connection, credential, comments } of shippedAliases) {
    const aliasId = await ensureAlias(trx, {
      id: id(),
      alias_id: `exchange_online.${name}`,
      name,
      description,
      application_scope_id,
      parent_id: parentId,
      connection_type: parentId === null ? 'http' : null,
    })
    const credentialId = await ensureCredential(trx, { id: id(), application_scope_id, ...credential, comments })
    await ensureConnection(trx, {
      id: id(),
      application_scope_id,
      alias_id: aliasId,
      credential_id: credentialId,
      ...connection,
    })
    parentId ??= aliasId
  }
}
