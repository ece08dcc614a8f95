import { selfSignedKeyPair } from '#kit/self-signed-certificate.ts'
import { readAliasesOfCredential } from './alias-queries.ts'
import { hostsForTokens, mayReceiveTokens } from './allowed-hosts.ts'
import { globalScopeId } from './application-scope-queries.ts'
import { changeRecord, makeRecord, type RecordKind, removeRecord } from './change-record.ts'
import { readUsesOfCredential } from './connection-queries.ts'
import type {
  Credential,
  createCredential as createContract,
  generateCredentialKeyPair as generateContract,
  listCredentials as listContract,
  updateCredential as updateContract,
} from './credential.contract.ts'
import {
  type CredentialFilter,
  type CredentialRecord,
  deleteCredentialRow,
  insertCredential,
  listCredentialViews,
  lockCredential,
  readCredentialRow,
  updateCredentialRow,
  writeCredentialValue,
} from './credential-queries.ts'
import { type SealedValue, sealPair, sealValue } from './credential-secret.ts'
import { credentialTypes, sendsItsValue, type TypeField } from './credential-type.ts'
import type { ConnectionsDeps } from './deps.ts'
import { readProfileView } from './entity-profile-queries.ts'
import { refused } from './errors.ts'
import { signsInSomebody } from './grant.ts'
import { readCertificate } from './key-pair.ts'
import { readCredential, rowOf } from './read-credential.ts'
import { type BodyOf, type Editor, listed, type QueryOf, sent } from './record.ts'
import { requireSignInAgain } from './token-queries.ts'

const dayMs = 24 * 60 * 60 * 1000
const backdatedMs = 5 * 60 * 1000

export async function listCredentials(deps: ConnectionsDeps, query: QueryOf<typeof listContract> & CredentialFilter) {
  const { rows, total } = await listCredentialViews(deps.db, query)
  return { rows: rows.map(rowOf), total, page: query.page, pageSize: query.pageSize }
}

/** @throws `connections.credential_exists`, `connections.profile_not_found`, and what is wrong with its values */
export async function createCredential(
  deps: ConnectionsDeps,
  body: BodyOf<typeof createContract>,
  editor: Editor,
): Promise<Credential> {
  const { type = 'oauth2' } = body
  requireFieldsOf(type, body)
  requireSafeDestination(deps, body)
  return makeRecord(deps, credentialKind, editor, async (within, id) => {
    const { db: trx } = within
    await requireProfile(within, body.oauthEntityProfileId)
    await insertCredential(trx, {
      ...(type === 'api_key' ? { key_in: 'header' as const } : {}),
      ...columnsOf(body),
      id,
      type,
      name: body.name,
      application_scope_id: body.applicationScopeId ?? (await globalScopeId(trx)),
      updated_by: editor.actor.displayName,
    })
    await writeValue(within, { before: null, id, typed: body.secret ?? '', editor })
    return body.name
  })
}

/**
 * Saves a credential. Another expected account, profile, integration type or user means other tokens: the stored ones stop working and new ones
 * are asked for, because they were given for what the record said before.
 * @throws `connections.credential_not_found`, `connections.credential_exists`, `connections.changed_by_someone_else`,
 * `connections.secret_needed_again`, and what is wrong with its values
 */
export async function updateCredential(
  deps: ConnectionsDeps,
  id: string,
  { version, ...body }: BodyOf<typeof updateContract>,
  editor: Editor,
): Promise<Credential> {
  requireSafeDestination(deps, body)
  const change = { id, version, fields: Object.keys(body) }
  return changeRecord(deps, credentialKind, { change, editor }, async (within, row) => {
    const { db: trx, seams } = within
    requireFieldsOf(row.type, body)
    await requireProfile(within, body.oauthEntityProfileId)
    const outdated = outdatedBecause(row, body)
    const pin = changesAccount(row, body) ? { expected_tenant_id: null, expected_object_id: null } : {}
    await updateCredentialRow(trx, id, { ...columnsOf(body), ...pin, updated_by: editor.actor.displayName })
    await writeValue(within, { before: row, id, typed: body.secret ?? '', editor })
    if (outdated !== null)
      await requireSignInAgain(trx, [id], { code: 'connections.sign_in_needed', say: outdated, at: seams.now() })
  })
}

/** Makes the key pair of a client certificate; its certificate is answered. @throws `connections.credential_not_found`, `connections.field_not_for_type` */
export async function generateCredentialKeyPair(
  deps: ConnectionsDeps,
  id: string,
  { days = 365 }: BodyOf<typeof generateContract>,
  editor: Editor,
): Promise<Credential> {
  const now = deps.seams.now()
  const known = await readCredentialRow(deps.db, id)
  if (known !== undefined && known.type !== 'client_certificate')
    throw refused('connections.field_not_for_type', { say: sayNoPair })
  const made = await selfSignedKeyPair({
    commonName: `Anteroom ${known?.name ?? ''}`,
    notBefore: new Date(now.getTime() - backdatedMs),
    notAfter: new Date(now.getTime() + days * dayMs),
    serial: deps.seams.randomBytes(16),
  })
  const pair = { ...made, ...readCertificate(made.certificate) }
  const change = { id, action: 'generate_key_pair', details: { expiresAt: pair.expiresAt } }
  return changeRecord(deps, credentialKind, { change, editor }, async (within, row) => {
    const value = await sealPair(within, { after: row, pair, by: editor.actor.displayName })
    await updateCredentialRow(within.db, id, { ...value, updated_by: editor.actor.displayName })
  })
}

/** Deletes a credential with its values and tokens. @throws `connections.credential_not_found`, `connections.credential_in_use` naming its users */
export async function deleteCredential(deps: ConnectionsDeps, id: string, editor: Editor): Promise<void> {
  await removeRecord(deps, credentialKind, { id, editor }, async ({ db: trx }) => {
    const connections = await readUsesOfCredential(trx, id)
    const aliases = await readAliasesOfCredential(trx, id)
    if (connections.length + aliases.length > 0) throw inUse(connections, aliases)
    await deleteCredentialRow(trx, id)
  })
}

const credentialKind: RecordKind<CredentialRecord, Credential> = {
  noun: 'credential',
  notFound: 'connections.credential_not_found',
  constraints: { credentials_name: 'connections.credential_exists' },
  lock: lockCredential,
  read: readCredential,
  nameOf: (row) => row.name,
}

type Fields = Partial<Omit<BodyOf<typeof updateContract>, 'version'>>

function columnsOf(fields: Fields) {
  const { destination } = fields
  return sent({
    name: fields.name,
    active: fields.active,
    integration_type: fields.integrationType,
    oauth_entity_profile_id: fields.oauthEntityProfileId,
    expected_account: fields.expectedAccount,
    username: fields.username,
    // The whole address may be pasted; where it is sent is its origin.
    destination: typeof destination === 'string' ? new URL(destination).origin : destination,
    key_in: fields.keyIn,
    key_name: fields.keyName,
    comments: fields.comments,
  })
}

/** What must hold once everything else is written: the grant fits the integration type, and the value is sealed for where it goes. */
async function writeValue(
  deps: ConnectionsDeps,
  { before, id, typed, editor }: { before: CredentialRecord | null; id: string; typed: string; editor: Editor },
): Promise<void> {
  const after = await lockCredential(deps.db, id)
  if (after === undefined) return
  await requireFittingGrant(deps, after)
  const value: SealedValue = await sealValue(deps, { before, after, typed, by: editor.actor.displayName })
  if (Object.keys(value).length > 0) await writeCredentialValue(deps.db, id, value)
}

async function requireFittingGrant({ db }: ConnectionsDeps, credential: CredentialRecord): Promise<void> {
  if (credential.integration_type !== 'personal' || credential.oauth_entity_profile_id === null) return
  const profile = await readProfileView(db, credential.oauth_entity_profile_id)
  if (profile === undefined || signsInSomebody(profile.grant_type)) return
  const say = `${profile.name} does not make a person sign in, so nobody could have a token of their own. Choose a profile with Authorization Code.`
  throw refused('connections.grant_not_personal', { say, fields: { oauthEntityProfileId: say } })
}

async function requireProfile({ db }: ConnectionsDeps, id: string | null | undefined): Promise<void> {
  if (!id || (await readProfileView(db, id)) !== undefined) return
  throw refused('connections.profile_not_found', {
    fields: { oauthEntityProfileId: 'This profile does not exist any more. Choose another one.' },
  })
}

const typeFields: readonly TypeField[] = [
  'integrationType',
  'oauthEntityProfileId',
  'expectedAccount',
  'username',
  'destination',
  'keyIn',
  'keyName',
  'secret',
]

/** A field that the type does not have would be stored and never used. What is empty, or says what holds anyway, does no harm. */
function requireFieldsOf(type: CredentialRecord['type'], body: Fields): void {
  const harmless: readonly unknown[] = [undefined, null, '', 'system']
  const strange = typeFields.filter(
    (field) => !credentialTypes[type].fields.includes(field) && !harmless.includes(body[field]),
  )
  if (strange.length === 0) return
  const say = 'This type of credential has no such field.'
  throw refused('connections.field_not_for_type', { fields: Object.fromEntries(strange.map((field) => [field, say])) })
}

function requireSafeDestination(deps: ConnectionsDeps, { destination }: Fields): void {
  if (!destination || mayReceiveTokens(deps, new URL(destination).origin)) return
  const hosts = hostsForTokens(deps)
  const say = `Credentials may only be sent to ${hosts.map((host) => `https://${host}`).join(', ')}. The operator names others in ANTEROOM_ALLOWED_HOSTS.`
  throw refused('connections.connection_url_refused', { say, fields: { destination: say }, facts: { hosts } })
}

function changesAccount(row: CredentialRecord, { expectedAccount }: Fields): boolean {
  return (
    expectedAccount !== undefined &&
    (expectedAccount ?? '').toLowerCase() !== (row.expected_account ?? '').toLowerCase()
  )
}

function outdatedBecause(row: CredentialRecord, fields: Fields): string | null {
  if (sendsItsValue(row.type)) return null
  if (fields.integrationType !== undefined && fields.integrationType !== row.integration_type) {
    return 'The integration type was changed. Sign in again.'
  }
  if (fields.oauthEntityProfileId !== undefined && fields.oauthEntityProfileId !== row.oauth_entity_profile_id) {
    return 'The OAuth Entity Profile was changed, and the token was given for the old one. Sign in again.'
  }
  if (fields.username !== undefined && fields.username !== row.username) {
    return 'The user was changed, and the token belongs to the old one. Press Get OAuth Token.'
  }
  return changesAccount(row, fields) ? 'The expected account was changed. Sign in again as that account.' : null
}

type User = { id: string; name: string }

function inUse(connections: readonly User[], aliases: readonly (User & { alias_id: string })[]) {
  const users = [
    ...(connections.length > 0 ? [`the connections ${listed(connections.map(({ name }) => name))}`] : []),
    ...(aliases.length > 0 ? [`the aliases ${listed(aliases.map((alias) => alias.alias_id))}`] : []),
  ]
  const named = ({ id, name }: User) => ({ id, name })
  return refused('connections.credential_in_use', {
    say: `This credential is used by ${users.join(' and ')}. Give them another one first.`,
    facts: { connections: connections.map(named), aliases: aliases.map(named) },
  })
}

const sayNoPair = 'Only a credential of the type Client certificate has a key pair.'
