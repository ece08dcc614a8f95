import { selfSignedKeyPair } from '#kit/self-signed-certificate.ts'
import { changeRecord } from './change-record.ts'
import type {
  changeClientCertificate as changeContract,
  generateKeyPair as generateContract,
  uploadCertificate as uploadContract,
} from './client-proof.contract.ts'
import {
  type ClientCertificateRecord,
  deleteClientCertificate,
  insertClientCertificate,
  readClientProofs,
  updateClientCertificate,
} from './client-proof-queries.ts'
import type { ConnectionsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { type KeyPair, readCertificate, readKeyPair } from './key-pair.ts'
import type { OAuthApp } from './oauth-app.contract.ts'
import { oauthAppKind } from './oauth-app.ts'
import { type BodyOf, type Editor, sent } from './record.ts'
import { clientKeyBinding, requireOpenVault } from './sealing.ts'

/** Clocks differ: a certificate that begins this very second would be refused by the first server that is behind. */
const backdatedMs = 5 * 60 * 1000
const dayMs = 24 * 60 * 60 * 1000

/** Makes a key pair whose private key never leaves the vault; its certificate is answered, to be uploaded at the provider. @throws `connections.vault_sealed` */
export async function generateKeyPair(
  deps: ConnectionsDeps,
  appId: string,
  { label, days = 365 }: BodyOf<typeof generateContract>,
  editor: Editor,
): Promise<OAuthApp> {
  const { seams } = deps
  const now = seams.now()
  // Before the transaction: it takes a second, and needs nothing of the record but the label.
  const made = await selfSignedKeyPair({
    commonName: `Anteroom ${label}`,
    notBefore: new Date(now.getTime() - backdatedMs),
    notAfter: new Date(now.getTime() + days * dayMs),
    serial: seams.randomBytes(16),
  })
  return keep(deps, appId, { label, pair: { ...made, ...readCertificate(made.certificate) }, editor })
}

/** @throws `connections.key_pair_unreadable`, `connections.certificate_exists`, `connections.vault_sealed` */
export async function uploadCertificate(
  deps: ConnectionsDeps,
  appId: string,
  { label, pem }: BodyOf<typeof uploadContract>,
  editor: Editor,
): Promise<OAuthApp> {
  const pair = readKeyPair(pem, { rsaOnly: true, field: 'pem', now: deps.seams.now() })
  return keep(deps, appId, { label, pair, editor })
}

/** @throws `connections.certificate_not_found` */
export async function changeClientCertificate(
  deps: ConnectionsDeps,
  { id, certificateId }: { id: string; certificateId: string },
  body: BodyOf<typeof changeContract>,
  editor: Editor,
): Promise<OAuthApp> {
  const { label } = await requireCertificate(deps.db, id, certificateId)
  const change = { id, action: 'change_certificate', fields: Object.keys(body), details: { label } }
  return changeRecord(deps, oauthAppKind, { change, editor }, async ({ db }) => {
    const columns = sent({ label: body.label, active: body.active })
    if (Object.keys(columns).length > 0) await updateClientCertificate(db, { appId: id, id: certificateId }, columns)
  })
}

/** Destroys the private key with it. @throws `connections.certificate_not_found` */
export async function removeClientCertificate(
  deps: ConnectionsDeps,
  { id, certificateId }: { id: string; certificateId: string },
  editor: Editor,
): Promise<OAuthApp> {
  const { label } = await requireCertificate(deps.db, id, certificateId)
  const change = { id, action: 'remove_certificate', details: { label } }
  return changeRecord(deps, oauthAppKind, { change, editor }, ({ db }) =>
    deleteClientCertificate(db, id, certificateId),
  )
}

async function keep(
  deps: ConnectionsDeps,
  appId: string,
  { label, pair, editor }: { label: string; pair: KeyPair; editor: Editor },
): Promise<OAuthApp> {
  const { thumbprint, notBefore, expiresAt, certificate, privateKey } = pair
  const change = { id: appId, action: 'add_certificate', details: { label, thumbprint, expiresAt } }
  return changeRecord(deps, oauthAppKind, { change, editor }, async ({ db, seams, vault }, app) => {
    requireOpenVault(vault)
    const record = { id: seams.newId(), secret_version: 1 }
    await insertClientCertificate(db, {
      ...record,
      oauth_app_id: appId,
      label,
      certificate,
      private_key: vault.seal(privateKey, clientKeyBinding(app, record)),
      thumbprint,
      not_before: notBefore,
      expires_at: expiresAt,
      set_at: seams.now(),
      set_by: editor.actor.displayName,
    })
  })
}

async function requireCertificate(
  db: ConnectionsDeps['db'],
  appId: string,
  certificateId: string,
): Promise<ClientCertificateRecord> {
  const { certificates } = await readClientProofs(db, appId)
  const certificate = certificates.find(({ id }) => id === certificateId)
  if (certificate === undefined) throw refused('connections.certificate_not_found')
  return certificate
}
