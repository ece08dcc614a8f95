import type { CredentialType } from '#connections/contract.ts'
import type { Credential } from '#connections/credential.contract.ts'

export type CredentialValues = {
  type: CredentialType
  name: string
  active: boolean
  integrationType: 'system' | 'personal'
  oauthEntityProfileId: string | null
  expectedAccount: string | null
  username: string | null
  destination: string | null
  keyIn: 'header' | 'query' | null
  keyName: string | null
  /** Written, never read: empty keeps the stored one. */
  secret: string
  comments: string
}

/** What a new record starts with. */
export const newCredential: CredentialValues = {
  type: 'oauth2',
  name: '',
  active: true,
  integrationType: 'system',
  oauthEntityProfileId: null,
  expectedAccount: null,
  username: null,
  destination: null,
  keyIn: null,
  keyName: null,
  secret: '',
  comments: '',
}

export function valuesOf(credential: Credential): CredentialValues {
  const { type, name, active, integrationType, oauthEntityProfile, expectedAccount, comments } = credential
  const { username, destination, keyIn, keyName } = credential
  return {
    ...{ type, name, active, integrationType, expectedAccount, username, destination, keyIn, keyName, comments },
    oauthEntityProfileId: oauthEntityProfile?.id ?? null,
    secret: '',
  }
}

/** The body of a write. The type stays what it was made as, and what belongs to another type is left out. */
export function bodyOf({ type: _, ...changed }: Partial<CredentialValues>) {
  return changed
}

/** Only what this type has: something may have been typed before another type was chosen. */
export function newBodyOf(values: CredentialValues) {
  const { type, name, active, comments, secret, username, destination, keyIn, keyName } = values
  const { integrationType, oauthEntityProfileId, expectedAccount } = values
  const shared = { type, name, active, comments }
  if (type === 'oauth2') return { ...shared, integrationType, oauthEntityProfileId, expectedAccount }
  const sent = { ...shared, destination, secret }
  if (type === 'basic') return { ...sent, username }
  return type === 'api_key' ? { ...sent, keyIn: keyIn ?? ('header' as const), keyName } : sent
}
