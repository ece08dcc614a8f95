import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import {
  applicationScope,
  byId,
  configurators,
  credentialAdmins,
  credentialType,
  done,
  grantType,
  httpsUrl,
  id,
  integrationType,
  name,
  reference,
  stamp,
  version,
} from './contract.ts'
import { tokenPanel } from './token.contract.ts'

const profileReference = reference.extend({ oauthApp: reference, grantType })

export const credentialRow = z.object({
  id,
  name: z.string(),
  applicationScope,
  type: credentialType,
  active: z.boolean(),
  integrationType,
  oauthEntityProfile: profileReference.nullable(),
  tokenState: z
    .enum(['none', 'ready', 'reauth_required', 'revoked', 'personal', 'set', 'unset'])
    .describe('set and unset: a type that needs no token, and whether its values are there'),
  tokenAccount: z.string().nullable(),
  usedByCount: z.number().int(),
  ...stamp,
})
export type CredentialRow = z.infer<typeof credentialRow>

/** A certificate as anybody may see it. */
export const shownCertificate = z.object({
  subject: z.string(),
  sha1: z.string().describe('Thumbprint, hexadecimal'),
  sha256: z.string(),
  notBefore: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  certificate: z.string().describe('PEM'),
})

export const credential = credentialRow.extend({
  expectedAccount: z
    .string()
    .nullable()
    .describe('E-mail of the delegated user whose token this credential must hold (System)'),
  expectedAccountPinned: z.boolean().describe('Bound to a tenant and object id by an accepted sign-in'),
  username: z.string().nullable().describe('Basic, password grant: the user name. JWT bearer: whom the token is for'),
  destination: z.string().nullable().describe('The only origin that the value is sent to'),
  keyIn: z.enum(['header', 'query']).nullable(),
  keyName: z.string().nullable().describe('Name of the header or the query parameter'),
  value: z
    .object({ what: z.string(), isSet: z.boolean(), setAt: z.iso.datetime().nullable(), setBy: z.string().nullable() })
    .nullable()
    .describe('The secret value, which is written and never read; null where the type needs none'),
  certificate: shownCertificate.nullable(),
  ready: z.boolean(),
  sentence: z.string().describe('Whether it can be used, or what is missing'),
  caution: z.string().nullable().describe('Why this is better done otherwise'),
  comments: z.string(),
  usedBy: z.array(reference.extend({ alias: reference.extend({ aliasId: z.string() }), active: z.boolean() })),
  usedByAliases: z.array(reference.extend({ aliasId: z.string() })).describe('Aliases of type Credential'),
  token: tokenPanel
    .nullable()
    .describe('System OAuth 2.0 credentials only; a Personal one has a token for each person, other types need none'),
  personalTokens: z.object({ ready: z.number().int(), needSignIn: z.number().int() }).nullable(),
  mayGetToken: z.boolean(),
  mayNotGetTokenBecause: z.string().nullable().describe('Why Get OAuth Token is not offered, and what to do'),
})
export type Credential = z.infer<typeof credential>

const credentialFields = {
  name,
  active: z.boolean(),
  integrationType,
  oauthEntityProfileId: id.nullable(),
  expectedAccount: z
    .email('Enter the delegated user’s e-mail address, for example rooms@contoso.example.')
    .max(320)
    .nullable(),
  username: z.string().trim().min(1, 'Enter a user name, or leave it out.').max(320).nullable(),
  destination: httpsUrl.nullable().describe('The only address that the value is sent to; its origin counts'),
  keyIn: z.enum(['header', 'query']).nullable().describe('API key: a header, unless told otherwise'),
  keyName: z.string().trim().min(1, 'Enter a name such as X-API-Key.').max(100).nullable(),
  secret: z
    .string()
    .max(50_000)
    .describe(
      'Write-only: password, API key, bearer token, or certificate and private key in PEM form. Empty keeps the stored one',
    ),
  comments: z.string().max(2000),
}

export const listCredentials = endpoint({
  method: 'GET',
  path: '/api/connections/credentials',
  summary: 'Credentials of every type',
  access: configurators,
  query: listQuery.extend({
    applicationScopeId: id.optional(),
    type: credentialType.optional(),
    integrationType: integrationType.optional(),
    active: z.stringbool().optional(),
  }),
  answer: pageOf(credentialRow),
})
export const readCredential = endpoint({
  method: 'GET',
  path: '/api/connections/credentials/{id}',
  summary: 'One credential, what uses it and whether it works',
  access: configurators,
  params: byId,
  answer: credential,
  errors: ['connections.credential_not_found'],
})

const refusals = [
  'connections.credential_exists',
  'connections.profile_not_found',
  'connections.grant_not_personal',
  'connections.field_not_for_type',
  'connections.value_refused',
  'connections.destination_missing',
  'connections.connection_url_refused',
  'connections.key_pair_unreadable',
  'connections.vault_sealed',
]

export const createCredential = endpoint({
  method: 'POST',
  path: '/api/connections/credentials',
  summary: 'Create a credential: OAuth 2.0 unless another type is named. Its type stays what it is',
  access: credentialAdmins,
  body: z
    .strictObject({ ...credentialFields, type: credentialType, applicationScopeId: id.optional() })
    .partial()
    .required({ name: true }),
  answer: credential,
  status: 201,
  errors: refusals,
})
export const updateCredential = endpoint({
  method: 'PATCH',
  path: '/api/connections/credentials/{id}',
  summary: 'Change a credential. Another destination needs its value again',
  access: credentialAdmins,
  params: byId,
  body: z
    .strictObject({ ...credentialFields, version })
    .partial()
    .required({ version: true }),
  answer: credential,
  errors: [
    'connections.credential_not_found',
    ...refusals,
    'connections.secret_needed_again',
    'connections.changed_by_someone_else',
  ],
})
export const deleteCredential = endpoint({
  method: 'DELETE',
  path: '/api/connections/credentials/{id}',
  summary: 'Delete a credential that nothing uses, with its values and tokens',
  access: credentialAdmins,
  params: byId,
  answer: done,
  errors: ['connections.credential_not_found', 'connections.credential_in_use'],
})
export const generateCredentialKeyPair = endpoint({
  method: 'POST',
  path: '/api/connections/credentials/{id}/key-pair',
  summary: 'Generate the key pair of a client certificate; the private key stays in the vault',
  access: credentialAdmins,
  params: byId,
  body: z
    .strictObject({ days: z.number().int().min(1, 'Use 1 to 730 days.').max(730, 'Use 1 to 730 days.') })
    .partial(),
  answer: credential,
  status: 201,
  errors: [
    'connections.credential_not_found',
    'connections.field_not_for_type',
    'connections.destination_missing',
    'connections.vault_sealed',
  ],
})

export const credentialTest = z.object({
  ok: z.boolean().nullable().describe('Null when the answer says neither'),
  say: z.string(),
  at: z.iso.datetime(),
})
export type CredentialTest = z.infer<typeof credentialTest>
export const testCredential = endpoint({
  method: 'POST',
  path: '/api/connections/credentials/{id}/test',
  summary: 'Call the destination once with this credential (GET, at its connection’s address) and say what came back',
  access: configurators,
  params: byId,
  answer: credentialTest,
  errors: ['connections.credential_not_found', 'connections.value_missing', 'connections.other_destination'],
})
