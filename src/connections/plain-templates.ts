import type { TemplateField } from './template.contract.ts'
import { accountField, nameField } from './template-field.ts'
import type { Recipe } from './template-recipe.ts'

const field = (name: string, label: string, more: Partial<TemplateField> & { hint: string }): TemplateField => ({
  name,
  label,
  kind: 'text',
  required: true,
  options: [],
  ...more,
})

const address = field('connectionUrl', 'Connection URL', {
  hint: 'Where the API is. The operator names its host in ANTEROOM_ALLOWED_HOSTS first.',
  kind: 'url',
})
const client = [
  field('clientId', 'Client ID', { hint: 'As the provider says it.' }),
  field('clientSecret', 'Client secret', { hint: 'Written once, and never shown here.', kind: 'secret' }),
]
const scopes = field('scopes', 'Scopes', {
  hint: 'Separated by spaces, such as things.read offline_access.',
  required: false,
})
const issuer = field('issuer', 'Issuer', {
  hint: 'The provider’s address, such as https://login.fabrikam.example. Its other addresses are read from there.',
  kind: 'url',
})

const alone = { integrationType: 'system', parentAlias: null, oauth: null } as const

/** For any API: whoever has the addresses and values of one needs nothing of the product to know it. */
export const plainTemplates: readonly Recipe[] = [
  {
    ...alone,
    key: 'oauth_delegated',
    title: 'OAuth 2.0, delegated user',
    description: 'One account signs in once at any OpenID Connect provider, and everything is done in its name.',
    credentialType: 'oauth2',
    fields: [nameField, issuer, ...client, scopes, accountField, address],
    oauth: { grantType: 'authorization_code', scopes: null, by: 'issuer' },
  },
  {
    ...alone,
    key: 'oauth_application',
    title: 'OAuth 2.0, application',
    description: 'The application acts by itself, with client credentials of any OAuth 2.0 provider.',
    credentialType: 'oauth2',
    fields: [
      nameField,
      { ...issuer, required: false },
      field('tokenUrl', 'Token URL', {
        hint: 'Only where the provider publishes no addresses at its Issuer.',
        kind: 'url',
        required: false,
      }),
      ...client,
      scopes,
      address,
    ],
    oauth: { grantType: 'client_credentials', scopes: null, by: 'issuer' },
  },
  {
    ...alone,
    key: 'basic',
    title: 'User name and password (Basic)',
    description: 'Every call carries a user name and a password.',
    credentialType: 'basic',
    fields: [
      nameField,
      address,
      field('username', 'User name', { hint: 'Of an account for programs, not of a person.' }),
      field('secret', 'Password', { hint: 'Written once, and never shown here.', kind: 'secret' }),
    ],
  },
  {
    ...alone,
    key: 'api_key',
    title: 'API key',
    description: 'Every call carries a key, in a header or in its address.',
    credentialType: 'api_key',
    fields: [
      nameField,
      address,
      field('keyIn', 'Sent in', {
        hint: 'A header is better: addresses are written into the logs of servers on the way.',
        kind: 'choice',
        options: [
          { value: 'header', label: 'A header' },
          { value: 'query', label: 'A query parameter' },
        ],
      }),
      field('keyName', 'Name of the header or parameter', { hint: 'Such as X-API-Key.' }),
      field('secret', 'API key', { hint: 'Written once, and never shown here.', kind: 'secret' }),
    ],
  },
  {
    ...alone,
    key: 'bearer',
    title: 'Bearer token',
    description: 'Every call carries a token that somebody made, and that is not renewed.',
    credentialType: 'bearer',
    fields: [
      nameField,
      address,
      field('secret', 'Bearer token', { hint: 'Without the word Bearer. Never shown here.', kind: 'secret' }),
    ],
  },
  {
    ...alone,
    key: 'client_certificate',
    title: 'Client certificate (mTLS)',
    description: 'A key pair is generated here; the server is given its certificate and lets in whoever has the key.',
    credentialType: 'client_certificate',
    fields: [nameField, address],
  },
]
