import { changeRecord } from './change-record.ts'
import type { addClientSecret as addContract, changeClientSecret as changeContract } from './client-proof.contract.ts'
import {
  type ClientSecretRecord,
  deleteClientSecret,
  readClientProofs,
  updateClientSecret,
} from './client-proof-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import type { OAuthApp } from './oauth-app.contract.ts'
import { oauthAppKind } from './oauth-app.ts'
import { type BodyOf, type Editor, sent } from './record.ts'
import { storeClientSecret } from './stored-client-secret.ts'

/** A client secret beside those that are stored, so that one can end while the next already works. @throws `connections.oauth_app_not_found`, `connections.vault_sealed` */
export async function addClientSecret(
  deps: ConnectionsDeps,
  appId: string,
  { label, value, expiresOn = null }: BodyOf<typeof addContract>,
  editor: Editor,
): Promise<OAuthApp> {
  const change = { id: appId, action: 'add_client_secret', details: { label, expiresOn } }
  return changeRecord(deps, oauthAppKind, { change, editor }, (within, app) =>
    storeClientSecret(within, app, { value, label, expiresOn, by: editor.actor.displayName }),
  )
}

/** Its label and its day. Its value is not changed: another value is another secret. @throws `connections.client_secret_not_found` */
export async function changeClientSecret(
  deps: ConnectionsDeps,
  { id, secretId }: { id: string; secretId: string },
  body: BodyOf<typeof changeContract>,
  editor: Editor,
): Promise<OAuthApp> {
  const { label } = await requireSecret(deps.db, id, secretId)
  const change = { id, action: 'change_client_secret', fields: Object.keys(body), details: { label } }
  return changeRecord(deps, oauthAppKind, { change, editor }, async ({ db }) => {
    const columns = sent({ label: body.label, expires_on: body.expiresOn })
    if (Object.keys(columns).length > 0) await updateClientSecret(db, { appId: id, id: secretId }, columns)
  })
}

/** @throws `connections.client_secret_not_found` */
export async function removeClientSecret(
  deps: ConnectionsDeps,
  { id, secretId }: { id: string; secretId: string },
  editor: Editor,
): Promise<OAuthApp> {
  const { label } = await requireSecret(deps.db, id, secretId)
  const change = { id, action: 'remove_client_secret', details: { label } }
  return changeRecord(deps, oauthAppKind, { change, editor }, ({ db }) => deleteClientSecret(db, id, secretId))
}

async function requireSecret(db: ConnectionsDeps['db'], appId: string, secretId: string): Promise<ClientSecretRecord> {
  const { secrets } = await readClientProofs(db, appId)
  const secret = secrets.find(({ id }) => id === secretId)
  if (secret === undefined) throw refused('connections.client_secret_not_found')
  return secret
}
