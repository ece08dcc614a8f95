import type { Meaning } from '../design/meaning.tsx'

/** What the form calls each value of the API. The words are those of the founding page. */
export const aliasTypeWords = {
  credential: 'Credential',
  connection_and_credential: 'Connection and Credential',
} as const

export const retryStrategyWords = {
  retry_after: 'As long as the server asks for',
  exponential: 'Twice as long each time',
  fixed: 'Always as long',
} as const

export const attributeTypeWords = { string: 'Text', number: 'Number', boolean: 'Yes or no' } as const

export const grantTypeWords = {
  authorization_code: 'Authorization Code',
  client_credentials: 'Client Credentials',
  password: 'Resource Owner Password',
  jwt_bearer: 'JWT Bearer',
} as const

/** What is better done otherwise is said where it is chosen. */
export const grantCautions: Readonly<Partial<Record<keyof typeof grantTypeWords, string>>> = {
  password:
    'Not recommended: Anteroom holds somebody’s password, no second factor is possible, and RFC 9700 forbids it for anything new. Use Authorization Code where a person can sign in once.',
}

export const credentialTypeWords = {
  oauth2: 'OAuth 2.0',
  basic: 'Basic',
  api_key: 'API key',
  bearer: 'Bearer token',
  client_certificate: 'Client certificate',
} as const

/** What the form of each type is called, as the founding page calls the one it is about. */
export const credentialKindWords = {
  oauth2: 'OAuth 2.0 Credentials',
  basic: 'Basic Auth Credentials',
  api_key: 'API Key Credentials',
  bearer: 'Bearer Token Credentials',
  client_certificate: 'Client Certificate Credentials',
} as const

export const keyInWords = { header: 'A header', query: 'A query parameter' } as const

export const assertionAudienceWords = { token_url: 'The Token URL', issuer: 'The Issuer' } as const

export const integrationTypeWords = { system: 'System', personal: 'Personal' } as const

export const clientAuthenticationWords = {
  client_secret_post: 'In the request body',
  client_secret_basic: 'As Basic authorization header',
  private_key_jwt: 'With a certificate (private_key_jwt)',
} as const

export const accessibleFromWords = {
  all_application_scopes: 'All application scopes',
  this_application_scope_only: 'This application scope only',
} as const

export const tokenStateWords = {
  none: { meaning: 'attention', word: 'No token' },
  ready: { meaning: 'good', word: 'Token works' },
  reauth_required: { meaning: 'refused', word: 'Sign-in needed' },
  revoked: { meaning: 'attention', word: 'Revoked' },
  personal: { meaning: 'neutral', word: 'One for each person' },
  set: { meaning: 'good', word: 'Ready' },
  unset: { meaning: 'attention', word: 'Value missing' },
} as const satisfies Record<string, { meaning: Meaning; word: string }>

export const whoMustActWords = {
  person: 'The person must act.',
  administrator: 'An administrator must act.',
  nobody: 'Nobody must act: it is tried again by itself.',
  us: 'Those who run Anteroom must act: the log has the details.',
} as const

/** The options of a choice, from its words. */
export function optionsOf<K extends string>(words: Readonly<Record<K, string>>): { value: K; label: string }[] {
  return (Object.entries(words) as [K, string][]).map(([value, label]) => ({ value, label }))
}

export const activeFilter = {
  key: 'active',
  label: 'Active',
  options: [
    { value: 'true', label: 'Yes' },
    { value: 'false', label: 'No' },
  ],
} as const
