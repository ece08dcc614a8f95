import type { Secret } from '#kit/secret.ts'
import type { Binding } from '#vault/blob.ts'
import type { Vault } from '#vault/vault.ts'
import { refused } from './errors.ts'

/**
 * What each secret of this feature is bound to. The destination is part of the seal: when somebody edits a Token URL, a client ID or a
 * Connection URL, what was stored for the old one no longer opens, instead of being sent to the new one (RFC 9700 section 4.9.1).
 */

type AppAddress = { token_url: string; client_id: string }
type TokenRecord = { id: string; credential_id: string; user_id: string | null; secret_version: number }

export const appDestination = ({ token_url, client_id }: AppAddress) => `${token_url}|${client_id}`

type SecretRecord = { id: string; secret_version: number }

/** One that is older than the table of client secrets stays bound to the column of its OAuth app until it is replaced (migration 0006). */
export function clientSecretBinding(
  app: AppAddress & { id: string },
  { id, secret_version: secretVersion, sealed_as }: SecretRecord & { sealed_as: 'client_secrets' | 'oauth_apps' },
): Binding {
  const own = sealed_as === 'client_secrets'
  return {
    table: sealed_as,
    column: own ? 'value' : 'client_secret',
    recordId: own ? id : app.id,
    ownerId: app.id,
    purpose: 'client_authentication',
    destination: appDestination(app),
    secretVersion,
  }
}

/** The key itself goes nowhere; what it signs is for this Token URL and client ID. */
export function clientKeyBinding(app: AppAddress & { id: string }, key: SecretRecord): Binding {
  return {
    table: 'client_certificates',
    column: 'private_key',
    recordId: key.id,
    ownerId: app.id,
    purpose: 'client_authentication',
    destination: appDestination(app),
    secretVersion: key.secret_version,
  }
}

/**
 * Password, API key, bearer token or private key of a credential, by its type. `destination` is the only origin that it is sent to, or for
 * the password grant the app that it is given to.
 */
export function credentialSecretBinding(
  { id, type, secret_version: secretVersion }: SecretRecord & { type: string },
  destination: string,
): Binding {
  return {
    table: 'credentials',
    column: 'secret',
    recordId: id,
    ownerId: id,
    purpose: type,
    destination,
    secretVersion,
  }
}

export function refreshTokenBinding(token: TokenRecord, app: AppAddress): Binding {
  return { ...tokenBinding(token), column: 'refresh_token', purpose: 'refresh', destination: appDestination(app) }
}

/** `apiUrl` is the effective Connection URL; its origin counts. */
export function accessTokenBinding(token: TokenRecord, apiUrl: string): Binding {
  return { ...tokenBinding(token), column: 'access_token', purpose: 'access', destination: originOf(apiUrl) }
}

/** Every use of a token asks for this, and there are only as many addresses as connections. */
const origins = new Map<string, string>()
const originsMax = 1_000

function originOf(url: string): string {
  const known = origins.get(url)
  if (known !== undefined) return known
  if (origins.size >= originsMax) origins.clear()
  const { origin } = new URL(url)
  origins.set(url, origin)
  return origin
}

/** Both secrets of one token, sealed for this version of it. */
export function sealTokens(
  vault: Vault,
  token: TokenRecord,
  secrets: { app: AppAddress; apiUrl: string; accessToken: Secret; refreshToken: Secret | null },
): { access_token: Buffer; refresh_token: Buffer | null } {
  const { app, apiUrl, accessToken, refreshToken } = secrets
  return {
    access_token: vault.seal(accessToken, accessTokenBinding(token, apiUrl)),
    refresh_token: refreshToken === null ? null : vault.seal(refreshToken, refreshTokenBinding(token, app)),
  }
}

/** @throws `connections.vault_sealed` with the sentence that names the key file. */
export function requireOpenVault(vault: Vault): void {
  const state = vault.state()
  if (state.is === 'sealed') throw refused('connections.vault_sealed', { say: `The vault is sealed. ${state.because}` })
}

function tokenBinding(token: TokenRecord): Omit<Binding, 'column' | 'purpose' | 'destination'> {
  return {
    table: 'tokens',
    recordId: token.id,
    ownerId: token.user_id ?? token.credential_id,
    secretVersion: token.secret_version,
  }
}
