import type { Selectable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'
import { type ClientProofs, readClientProofs } from './client-proof-queries.ts'
import { readConnectionsOfCredential } from './connection-queries.ts'
import type { GrantType } from './contract.ts'
import { readCredentialRow } from './credential-queries.ts'
import { readProfileWithScopes } from './entity-profile-queries.ts'
import { refused } from './errors.ts'
import { effectiveConnection } from './inheritance.ts'
import { readLineage } from './lineage-queries.ts'
import { readOAuthAppRow } from './oauth-app-queries.ts'
import { providerOf } from './provider.ts'

export type CredentialRecord = Selectable<Schema['credentials']>
export type OAuthAppRecord = Selectable<Schema['oauth_apps']>

/** Everything a token of one credential depends on. */
export type GrantSetup = {
  credential: CredentialRecord
  app: OAuthAppRecord
  proofs: ClientProofs
  profile: { id: string; name: string; grantType: GrantType; scopes: string[] }
  /** The address the access token is for: the effective Connection URL of what uses this credential, or the provider's own API. */
  apiUrl: string
}

/**
 * Reads what a token of this credential depends on.
 * @throws `connections.credential_not_found`, `connections.profile_missing`, `connections.not_set` when nothing says where the token is used
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
  const apiUrl = (await usedAt(db, credentialId)) ?? providerOf(app).apiUrl
  if (apiUrl === null) {
    const say = `Nothing says where the token of ${credential.name} is used. Choose it on a connection first.`
    throw refused('connections.not_set', { say })
  }
  return { credential, app, proofs: await readClientProofs(db, app.id), profile, apiUrl }
}

export function redirectUri(publicUrl: string, app: Pick<OAuthAppRecord, 'redirect_context'>): string {
  return `${publicUrl}/oauth/callback/${app.redirect_context}`
}

/** The address of the connection that uses a credential, active ones first; null when none does. */
export async function usedAt(db: Database, credentialId: string): Promise<string | null> {
  for (const connection of await readConnectionsOfCredential(db, credentialId)) {
    const url = effectiveConnection(connection, await readLineage(db, connection.alias_id)).connectionUrl.value
    if (url !== null) return url
  }
  return null
}
