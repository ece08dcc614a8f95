import { Refusal } from '#kit/refusal.ts'
import { Secret } from '#kit/secret.ts'
import type { CredentialRecord } from './credential-queries.ts'
import { credentialTypes, sendsItsValue, valueProblem } from './credential-type.ts'
import type { ConnectionsDeps } from './deps.ts'
import { readProfileView } from './entity-profile-queries.ts'
import { refused } from './errors.ts'
import { type KeyPair, readKeyPair } from './key-pair.ts'
import { readOAuthAppRow } from './oauth-app-queries.ts'
import { appDestination, credentialSecretBinding, requireOpenVault } from './sealing.ts'

/** The columns that a new value fills. */
export type SealedValue = Partial<
  Pick<
    CredentialRecord,
    | 'secret'
    | 'secret_version'
    | 'secret_set_at'
    | 'secret_set_by'
    | 'destination'
    | 'certificate'
    | 'certificate_expires_at'
  >
>

/**
 * Seals what was typed into the value's field, for the record as it will be. Empty keeps what is stored, unless that was sealed for another
 * destination: then it has to be entered again, because it is sent to none but the one it was entered for.
 *
 * @param after the record with the changes that are about to be written
 * @throws `connections.secret_needed_again`, `connections.destination_missing`, `connections.value_refused`, `connections.field_not_for_type`,
 * `connections.key_pair_unreadable`, `connections.vault_sealed`
 */
export async function sealValue(
  deps: ConnectionsDeps,
  { before, after, typed, by }: { before: CredentialRecord | null; after: CredentialRecord; typed: string; by: string },
): Promise<SealedValue> {
  const wrong = valueProblem(after, typed === '' ? null : typed)
  const [say] = Object.values(wrong)
  if (say !== undefined) throw refused('connections.value_refused', { say, fields: wrong })
  if (typed === '') {
    const moved = before !== null && before.secret !== null && sendsItsValue(after.type)
    if (moved && before.destination !== after.destination) throw neededAgain(after)
    return {}
  }
  const destination = await destinationOf(deps, after)
  if (after.type !== 'client_certificate') return sealed(deps, { after, destination, secret: new Secret(typed), by })
  return sealPair(deps, {
    after: { ...after, destination },
    pair: readKeyPair(typed, { rsaOnly: false, field: 'secret', now: deps.seams.now() }),
    by,
  })
}

/** The same for a key pair that was made here. @throws `connections.destination_missing`, `connections.vault_sealed` */
export async function sealPair(
  deps: ConnectionsDeps,
  { after, pair, by }: { after: CredentialRecord; pair: KeyPair; by: string },
): Promise<SealedValue> {
  const destination = await destinationOf(deps, after)
  return {
    ...sealed(deps, { after, destination, secret: pair.privateKey, by }),
    certificate: pair.certificate,
    certificate_expires_at: pair.expiresAt,
  }
}

/** Opens the value for a call to this destination. @throws `connections.value_missing`, `connections.other_destination`, `connections.vault_sealed` */
export function openValue(
  { vault }: Pick<ConnectionsDeps, 'vault'>,
  credential: CredentialRecord,
  origin: string,
): Secret {
  if (credential.secret === null) throw missing(credential)
  requireOpenVault(vault)
  if (credential.destination !== origin) throw otherDestination(credential, origin)
  try {
    return vault.open(credential.secret, credentialSecretBinding(credential, origin))
  } catch (problem) {
    if (problem instanceof Refusal && problem.code === 'vault.auth') throw otherDestination(credential, origin)
    throw problem
  }
}

/** What is missing before it can be sent with a call, in the order in which a person would enter it, or null. */
export function valueMissing(credential: CredentialRecord): string | null {
  const { type, destination, username, key_in: keyIn, key_name: keyName, secret } = credential
  if (destination === null) return 'Enter the address that it is for.'
  if (type === 'basic' && username === null) return 'Enter the user name.'
  if (type === 'api_key' && (keyIn === null || keyName === null))
    return 'Say where the API key is sent, and under which name.'
  if (secret !== null) return null
  const { value } = credentialTypes[type]
  return type === 'client_certificate'
    ? 'The certificate is missing. Generate a key pair, or paste a certificate with its private key.'
    : `The ${value} is missing. Enter it.`
}

function sealed(
  { seams, vault }: ConnectionsDeps,
  { after, destination, secret, by }: { after: CredentialRecord; destination: string; secret: Secret; by: string },
): SealedValue {
  requireOpenVault(vault)
  const version = after.secret_version + 1
  return {
    destination,
    secret: vault.seal(secret, credentialSecretBinding({ ...after, secret_version: version }, destination)),
    secret_version: version,
    secret_set_at: seams.now(),
    secret_set_by: by,
  }
}

/** Its own origin, or for a password that OAuth asks for, the app that it is given to. */
async function destinationOf({ db }: ConnectionsDeps, credential: CredentialRecord): Promise<string> {
  if (sendsItsValue(credential.type)) {
    if (credential.destination !== null) return credential.destination
    const say = 'Enter the address that the value is for; it is sent nowhere else.'
    throw refused('connections.destination_missing', { say, fields: { destination: say } })
  }
  const { oauth_entity_profile_id: profileId } = credential
  const profile = profileId === null ? undefined : await readProfileView(db, profileId)
  const app = profile === undefined ? undefined : await readOAuthAppRow(db, profile.oauth_app_id)
  if (app === undefined || profile?.grant_type !== 'password') {
    const say = 'Only a profile with the grant type Password needs one. Choose such a profile first, or leave it empty.'
    throw refused('connections.field_not_for_type', { say, fields: { secret: say } })
  }
  return appDestination(app)
}

function missing(credential: CredentialRecord) {
  const say = `${credential.name}: ${valueMissing(credential) ?? 'its value is missing. Enter it.'}`
  return refused('connections.value_missing', { say })
}

function otherDestination({ name, destination }: CredentialRecord, origin: string) {
  const say = `${name} is for ${destination ?? 'no address yet'}, and the connection leads to ${origin}. Nothing was sent. Enter its value again for that address, or choose another credential.`
  return refused('connections.other_destination', { say })
}

function neededAgain({ type }: CredentialRecord) {
  const say = `The ${credentialTypes[type].value} was entered for the old address. Enter it again to use it there.`
  return refused('connections.secret_needed_again', { say, fields: { secret: say } })
}
