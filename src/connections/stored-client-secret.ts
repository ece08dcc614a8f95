import { Secret } from '#kit/secret.ts'
import {
  type ClientCertificateRecord,
  deleteClientSecrets,
  insertClientSecret,
  updateClientCertificate,
} from './client-proof-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import type { OAuthAppRecord } from './oauth-app-queries.ts'
import { clientKeyBinding, clientSecretBinding, requireOpenVault } from './sealing.ts'

/** The label of a client secret that was typed into the form of its OAuth app, where there is only one. */
export const onlySecretLabel = 'Client secret'

export type NewClientSecret = { value: string; label: string; expiresOn: string | null; by: string }

type Address = Pick<OAuthAppRecord, 'id' | 'token_url' | 'client_id'>

/** Seals a client secret for its OAuth app's Token URL and client ID, and writes it. @throws `connections.vault_sealed` */
export async function storeClientSecret(
  { db, seams, vault }: ConnectionsDeps,
  app: Address,
  { value, label, expiresOn, by }: NewClientSecret,
): Promise<void> {
  requireOpenVault(vault)
  const record = { id: seams.newId(), secret_version: 1, sealed_as: 'client_secrets' as const }
  await insertClientSecret(db, {
    ...record,
    oauth_app_id: app.id,
    label,
    value: vault.seal(new Secret(value), clientSecretBinding(app, record)),
    expires_on: expiresOn,
    set_at: seams.now(),
    set_by: by,
  })
}

/** The one that was typed takes the place of all that are stored. */
export async function replaceClientSecrets(
  deps: ConnectionsDeps,
  app: Address,
  secret: NewClientSecret,
): Promise<void> {
  await deleteClientSecrets(deps.db, app.id)
  await storeClientSecret(deps, app, secret)
}

/**
 * Private keys follow their OAuth app to a new Token URL or client ID, where client secrets do not. A secret would be sent to the new address; of
 * a key only signatures leave, and each is for the very address that it is sent to, so a copy of one is worth nothing at the old one.
 */
export async function resealKeys(
  { db, vault }: ConnectionsDeps,
  { before, after }: { before: Address; after: Address },
  certificates: readonly ClientCertificateRecord[],
): Promise<void> {
  if (certificates.length > 0) requireOpenVault(vault)
  for (const key of certificates) {
    const next = { ...key, secret_version: key.secret_version + 1 }
    const privateKey = vault.open(key.private_key, clientKeyBinding(before, key))
    await updateClientCertificate(
      db,
      { appId: after.id, id: key.id },
      { private_key: vault.seal(privateKey, clientKeyBinding(after, next)), secret_version: next.secret_version },
    )
  }
}
