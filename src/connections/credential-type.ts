import type { CredentialType } from './contract.ts'

/** What each type of credential is made of. `fields`: those of its form beside name, comments and whether it is active. */
type TypeFacts = {
  /** What its value is called in sentences. */
  value: string
  /** How it is sent, for the trace of a resolution. */
  sentAs: string
  fields: readonly TypeField[]
}

export type TypeField =
  | 'integrationType'
  | 'oauthEntityProfileId'
  | 'expectedAccount'
  | 'username'
  | 'destination'
  | 'keyIn'
  | 'keyName'
  | 'secret'

export const credentialTypes: Readonly<Record<CredentialType, TypeFacts>> = {
  oauth2: {
    value: 'password',
    sentAs: 'an access token in the Authorization header',
    fields: ['integrationType', 'oauthEntityProfileId', 'expectedAccount', 'username', 'secret'],
  },
  basic: {
    value: 'password',
    sentAs: 'user name and password in the Authorization header (Basic)',
    fields: ['destination', 'username', 'secret'],
  },
  api_key: { value: 'API key', sentAs: 'an API key', fields: ['destination', 'keyIn', 'keyName', 'secret'] },
  bearer: {
    value: 'bearer token',
    sentAs: 'a stored token in the Authorization header (Bearer)',
    fields: ['destination', 'secret'],
  },
  client_certificate: {
    value: 'certificate with its private key',
    sentAs: 'a client certificate in the TLS handshake',
    fields: ['destination', 'secret'],
  },
}

/** Does its value go with every call as it is, so that there is no token to get? */
export function sendsItsValue(type: CredentialType): boolean {
  return type !== 'oauth2'
}

type Values = {
  username: string | null
  key_in: 'header' | 'query' | null
  key_name: string | null
  type: CredentialType
}

/** What is wrong with values that would be sent with every call, by the field that they are typed into. */
export function valueProblem(
  { type, username, key_in: keyIn, key_name: keyName }: Values,
  secret: string | null,
): Record<string, string> {
  const said: Record<string, string | null> = {
    username: type === 'basic' && username !== null ? usernameProblem(username) : null,
    keyName: type === 'api_key' && keyName !== null ? nameProblem(keyName, keyIn ?? 'header') : null,
    secret: secret === null ? null : secretProblem({ type, keyIn: keyIn ?? 'header' }, secret),
  }
  return Object.fromEntries(Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== null))
}

/** RFC 7617 section 2. */
function usernameProblem(username: string): string | null {
  if (username.includes(':')) return 'A user name of this type has no colon.'
  return hasControls(username) ? 'A user name has no control characters.' : null
}

/** Headers that describe the message or the connection, or that belong to the caller. */
const reservedHeaders =
  /^(host|content-.*|transfer-encoding|connection|cookie|te|trailer|upgrade|keep-alive|proxy-.*|expect|accept-encoding)$/i

function nameProblem(name: string, keyIn: 'header' | 'query'): string | null {
  if (keyIn === 'query')
    return /^[A-Za-z0-9._~-]+$/.test(name) ? null : 'Use letters, digits, dots, dashes and underscores.'
  if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return 'This is not the name of a header. An example is X-API-Key.'
  return reservedHeaders.test(name) ? `${name} is needed for the message itself. Use another header.` : null
}

function secretProblem(
  { type, keyIn }: { type: CredentialType; keyIn: 'header' | 'query' },
  secret: string,
): string | null {
  // RFC 6750 section 2.1.
  if (type === 'bearer' && !/^[A-Za-z0-9._~+/-]+=*$/.test(secret))
    return 'A bearer token has no spaces. Paste it without the word Bearer.'
  if (type === 'api_key' && keyIn === 'header' && !/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(secret))
    return 'A header takes printable ASCII characters only, without spaces at the ends.'
  return type !== 'client_certificate' && hasControls(secret)
    ? 'The value has control characters, such as a line break. Paste it again.'
    : null
}

const hasControls = (text: string) => /\p{Control}/u.test(text)
