import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import {
  applicationScope,
  byId,
  configurators,
  credentialAdmins,
  done,
  grantType,
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
  type: z.enum(['oauth2']),
  active: z.boolean(),
  integrationType,
  oauthEntityProfile: profileReference.nullable(),
  tokenState: z.enum(['none', 'ready', 'reauth_required', 'revoked', 'personal']),
  tokenAccount: z.string().nullable(),
  usedByCount: z.number().int(),
  ...stamp,
})
export type CredentialRow = z.infer<typeof credentialRow>

export const credential = credentialRow.extend({
  expectedAccount: z
    .string()
    .nullable()
    .describe('E-mail of the delegated user whose token this credential must hold (System)'),
  expectedAccountPinned: z.boolean().describe('Bound to a tenant and object id by an accepted sign-in'),
  comments: z.string(),
  usedBy: z.array(reference.extend({ alias: reference.extend({ aliasId: z.string() }), active: z.boolean() })),
  token: tokenPanel.nullable().describe('System credentials only; a Personal one has a token for each person'),
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
  comments: z.string().max(2000),
}

export const listCredentials = endpoint({
  method: 'GET',
  path: '/api/connections/credentials',
  summary: 'OAuth 2.0 credentials',
  access: configurators,
  query: listQuery.extend({
    applicationScopeId: id.optional(),
    integrationType: integrationType.optional(),
    active: z.stringbool().optional(),
  }),
  answer: pageOf(credentialRow),
})
export const readCredential = endpoint({
  method: 'GET',
  path: '/api/connections/credentials/{id}',
  summary: 'One credential, what uses it and whether its token works',
  access: configurators,
  params: byId,
  answer: credential,
  errors: ['connections.credential_not_found'],
})
export const createCredential = endpoint({
  method: 'POST',
  path: '/api/connections/credentials',
  summary: 'Create an OAuth 2.0 credential',
  access: credentialAdmins,
  body: z
    .strictObject({ ...credentialFields, applicationScopeId: id.optional() })
    .partial()
    .required({ name: true }),
  answer: credential,
  status: 201,
  errors: ['connections.credential_exists'],
})
export const updateCredential = endpoint({
  method: 'PATCH',
  path: '/api/connections/credentials/{id}',
  summary: 'Change a credential',
  access: credentialAdmins,
  params: byId,
  body: z
    .strictObject({ ...credentialFields, version })
    .partial()
    .required({ version: true }),
  answer: credential,
  errors: ['connections.credential_not_found', 'connections.credential_exists', 'connections.changed_by_someone_else'],
})
export const deleteCredential = endpoint({
  method: 'DELETE',
  path: '/api/connections/credentials/{id}',
  summary: 'Delete a credential that no connection uses, with its tokens',
  access: credentialAdmins,
  params: byId,
  answer: done,
  errors: ['connections.credential_not_found', 'connections.credential_in_use'],
})
