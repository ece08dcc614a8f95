import type { Selectable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'
import type { Vault } from '#vault/vault.ts'
import { readConnectionsOfCredential } from './connection-queries.ts'
import { readCredentialRow } from './credential-queries.ts'
import { readProfileWithScopes } from './entity-profile-queries.ts'
import { addressProblem, defaultApiUrl } from './entra.ts'
import { refused } from './errors.ts'
import { effectiveConnection } from './inheritance.ts'
import { readLineage } from './lineage-queries.ts'
import { readOAuthAppRow } from './oauth-app-queries.ts'
import type { OAuthClient } from './oauth-protocol.ts'
import { clientSecretBinding, requireOpenVault } from './sealing.ts'

export type CredentialRecord = Selectable<Schema['credentials']>
export type OAuthAppRecord = Selectable<Schema['oauth_apps']>

/** Everything a token of one credential depends on. */
export type GrantSetup = {
  credential: CredentialRecord
  app: OAuthAppRecord
  profile: { id: string; name: string; grantType: 'authorization_code' | 'client_credentials'; scopes: string[] }
  /** The address the access token is for: the effective Connection URL of what uses this credential. */
  apiUrl: string
}

/**
 * Reads what a token of this credential depends on.
 * @throws `connections.credential_not_found`, `connections.profile_missing`
 */
export async function readGrantSetup(db: Database, credentialId: string): Promise<GrantSetup> {
  const credential = await readCredentialRow(db, credentialId)
  if (credential === undefined) throw refused('connections.credential_not_found')
  const profile =
    credential.oauth_entity_profile_id === null
      ? undefined
      : await readProfileWithScopes(db, credential.oauth_entity_profile_id)
  if (profile === undefined) {
    const say = `${credential.name} has no OAuth Entity Profile. Choose one on its form and save; saving the OAuth app generates one.`
    throw refused('connections.profile_missing', { say })
  }
  const app = await readOAuthAppRow(db, profile.oauthAppId)
  if (app === undefined) throw refused('connections.oauth_app_not_found')
  return { credential, app, profile, apiUrl: await apiUrlOf(db, credentialId) }
}

/** What the administrator still has to fill in before this app can be used, or null. */
export function incompleteBecause(app: OAuthAppRecord): { field: string; say: string } | null {
  if (!app.active) return { field: 'active', say: `${app.name} is not active.` }
  if (app.client_id === '') return { field: 'clientId', say: `${app.name} has no client ID.` }
  const address = addressProblem({ authorizationUrl: app.authorization_url, tokenUrl: app.token_url })
  if (address !== null) return { field: address.field, say: `${app.name}: ${address.say}` }
  if (app.client_secret === null) return { field: 'clientSecret', say: `${app.name} has no client secret.` }
  return null
}

/** @throws `connections.oauth_app_incomplete`, `connections.vault_sealed`, `vault.auth` */
export function clientFor(vault: Vault, app: OAuthAppRecord): OAuthClient {
  const missing = incompleteBecause(app)
  if (missing !== null || app.client_secret === null) throw incomplete(app, missing)
  requireOpenVault(vault)
  return {
    clientId: app.client_id,
    clientSecret: vault.open(app.client_secret, clientSecretBinding(app)),
    clientAuthentication: app.client_authentication,
    tokenUrl: app.token_url,
  }
}

export function redirectUri(publicUrl: string, app: Pick<OAuthAppRecord, 'redirect_context'>): string {
  return `${publicUrl}/oauth/callback/${app.redirect_context}`
}

function incomplete(app: OAuthAppRecord, missing: { field: string; say: string } | null) {
  const say = `${missing?.say ?? `${app.name} is not filled in.`} Complete it under System OAuth > Application Registry.`
  const fields = missing === null ? {} : { [missing.field]: missing.say }
  return refused('connections.oauth_app_incomplete', { say, fields, facts: { oauthAppId: app.id } })
}

/** Active connections first; they are listed in that order. */
async function apiUrlOf(db: Database, credentialId: string): Promise<string> {
  for (const connection of await readConnectionsOfCredential(db, credentialId)) {
    const url = effectiveConnection(connection, await readLineage(db, connection.alias_id)).connectionUrl.value
    if (url !== null) return url
  }
  return defaultApiUrl
}
