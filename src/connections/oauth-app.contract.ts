import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import {
  applicationScope,
  byId,
  configurators,
  done,
  grantType,
  httpsUrl,
  id,
  name,
  oauthAdmins,
  reference,
  stamp,
  version,
} from './contract.ts'

export const oauthAppRow = z.object({
  id,
  name: z.string(),
  applicationScope,
  clientId: z.string(),
  hasClientSecret: z.boolean(),
  defaultGrantType: grantType,
  active: z.boolean(),
  profileCount: z.number().int(),
  ...stamp,
})
export type OAuthAppRow = z.infer<typeof oauthAppRow>

export const entityScope = z.object({ id, name: z.string(), scope: z.string(), version })
export type EntityScope = z.infer<typeof entityScope>
export const entityProfile = z.object({
  id,
  name: z.string(),
  oauthApp: reference,
  grantType,
  isDefault: z.boolean(),
  scopes: z.array(entityScope),
  ...stamp,
})
export type EntityProfile = z.infer<typeof entityProfile>

/** How something the app proves itself with was received the last time. */
const proofHistory = {
  setAt: z.iso.datetime(),
  setBy: z.string(),
  workedAt: z.iso.datetime().nullable().describe('When it was last accepted; noted once a day'),
  refusedAt: z.iso.datetime().nullable().describe('When it was last refused; null after it was accepted again'),
}

export const clientSecret = z.object({
  id,
  label: z.string(),
  expiresOn: z.iso.date().nullable(),
  ...proofHistory,
})
export type ClientSecret = z.infer<typeof clientSecret>

export const clientCertificate = z.object({
  id,
  label: z.string(),
  subject: z.string(),
  sha1: z.string().describe('Thumbprint as providers show it, hexadecimal'),
  sha256: z.string(),
  notBefore: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  active: z.boolean(),
  certificate: z.string().describe('PEM, to be uploaded at the provider; the private key stays in the vault'),
  ...proofHistory,
})
export type ClientCertificate = z.infer<typeof clientCertificate>

export const clientAuthentication = z.enum(['client_secret_post', 'client_secret_basic', 'private_key_jwt'])
const assertionAudience = z.enum(['token_url', 'issuer'])

export const oauthApp = oauthAppRow.extend({
  clientSecretExpiresOn: z.iso
    .date()
    .nullable()
    .describe('Of the only client secret; with several, each has its own day in clientSecrets'),
  clientSecrets: z.array(clientSecret).describe('In the order in which they are tried'),
  certificates: z.array(clientCertificate).describe('The newest first'),
  clientAuthentication,
  assertionAudience: assertionAudience.describe('Whom assertions are for: the exact Token URL, or the Issuer'),
  issuer: z.string().describe('OpenID Connect issuer; empty for a provider that is known by its addresses'),
  provider: z.string().describe('Whose sign-in service the addresses belong to'),
  cautions: z.array(z.string()).describe('What is better done otherwise'),
  authorizationUrl: z.string(),
  tokenUrl: z.string(),
  tokenRevocationUrl: z.string(),
  redirectUrl: z.string().describe('Register this address with the provider, exactly; it belongs to this record alone'),
  refreshTokenLifespanSeconds: z.number().int(),
  accessTokenLifespanSeconds: z.number().int(),
  logoUrl: z.string(),
  comments: z.string(),
  accessibleFrom: z.enum(['all_application_scopes', 'this_application_scope_only']),
  useMutualAuthentication: z.boolean(),
  profiles: z.array(entityProfile),
  scopes: z.array(entityScope),
})
export type OAuthApp = z.infer<typeof oauthApp>

const scopeInput = z.strictObject({
  name: z.string().trim().min(1, 'Enter a name.').max(120),
  scope: z
    .string()
    .trim()
    .min(1, 'Enter a scope such as Calendars.ReadWrite.')
    .max(200)
    .regex(/^\S+$/, 'A scope has no spaces.'),
})

const oauthAppFields = {
  name,
  clientId: z.string().trim().max(200),
  clientSecret: z
    .string()
    .max(2000)
    .describe('Write-only; leave it out to keep what is stored. It takes the place of all stored ones'),
  clientSecretExpiresOn: z.iso.date('Enter a day such as 2027-11-30.').nullable(),
  clientAuthentication,
  assertionAudience,
  issuer: httpsUrl.or(z.literal('')),
  defaultGrantType: grantType,
  authorizationUrl: httpsUrl.or(z.literal('')),
  tokenUrl: httpsUrl.or(z.literal('')),
  tokenRevocationUrl: httpsUrl.or(z.literal('')),
  refreshTokenLifespanSeconds: z.number().int().min(60).max(315_360_000),
  accessTokenLifespanSeconds: z.number().int().min(60).max(86_400),
  logoUrl: httpsUrl.or(z.literal('')),
  comments: z.string().max(2000),
  accessibleFrom: z.enum(['all_application_scopes', 'this_application_scope_only']),
  active: z.boolean(),
}

export const listOAuthApps = endpoint({
  method: 'GET',
  path: '/api/connections/oauth-apps',
  summary: 'Application Registry',
  access: configurators,
  query: listQuery.extend({ applicationScopeId: id.optional(), active: z.stringbool().optional() }),
  answer: pageOf(oauthAppRow),
})
export const readOAuthApp = endpoint({
  method: 'GET',
  path: '/api/connections/oauth-apps/{id}',
  summary: 'One OAuth app with its profiles and scopes',
  access: configurators,
  params: byId,
  answer: oauthApp,
  errors: ['connections.oauth_app_not_found'],
})
export const createOAuthApp = endpoint({
  method: 'POST',
  path: '/api/connections/oauth-apps',
  summary: 'Register a third-party OAuth provider; a default entity profile is generated',
  access: oauthAdmins,
  body: z
    .strictObject({ ...oauthAppFields, applicationScopeId: id.optional(), scopes: z.array(scopeInput).max(50) })
    .partial()
    .required({ name: true }),
  answer: oauthApp,
  status: 201,
  errors: ['connections.oauth_app_exists', 'connections.vault_sealed'],
})
export const updateOAuthApp = endpoint({
  method: 'PATCH',
  path: '/api/connections/oauth-apps/{id}',
  summary: 'Change an OAuth app; its default entity profile is generated if it has none',
  access: oauthAdmins,
  params: byId,
  body: z
    .strictObject({ ...oauthAppFields, version })
    .partial()
    .required({ version: true }),
  answer: oauthApp,
  errors: [
    'connections.oauth_app_not_found',
    'connections.oauth_app_exists',
    'connections.client_secret_needed_again',
    'connections.client_secret_not_found',
    'connections.changed_by_someone_else',
    'connections.vault_sealed',
    'http.recent_sign_in_required',
  ],
})
export const deleteOAuthApp = endpoint({
  method: 'DELETE',
  path: '/api/connections/oauth-apps/{id}',
  summary: 'Delete an OAuth app whose profiles nothing uses',
  access: oauthAdmins,
  params: byId,
  answer: done,
  errors: ['connections.oauth_app_not_found', 'connections.oauth_app_in_use'],
})

export const addEntityScope = endpoint({
  method: 'POST',
  path: '/api/connections/oauth-apps/{id}/scopes',
  summary: 'Add an OAuth entity scope',
  access: oauthAdmins,
  params: byId,
  body: scopeInput,
  answer: oauthApp,
  status: 201,
  errors: ['connections.oauth_app_not_found', 'connections.entity_scope_exists'],
})
export const removeEntityScope = endpoint({
  method: 'DELETE',
  path: '/api/connections/oauth-apps/{id}/scopes/{scopeId}',
  summary: 'Remove an OAuth entity scope',
  access: oauthAdmins,
  params: z.object({ id, scopeId: id }),
  answer: oauthApp,
  errors: ['connections.oauth_app_not_found'],
})

export const listEntityProfiles = endpoint({
  method: 'GET',
  path: '/api/connections/entity-profiles',
  summary: 'OAuth entity profiles, for pickers',
  access: configurators,
  query: listQuery.extend({ oauthAppId: id.optional() }),
  answer: pageOf(entityProfile),
})
export const readEntityProfile = endpoint({
  method: 'GET',
  path: '/api/connections/entity-profiles/{id}',
  summary: 'One entity profile',
  access: configurators,
  params: byId,
  answer: entityProfile,
  errors: ['connections.profile_not_found'],
})
const profileFields = { name, grantType, isDefault: z.boolean(), scopeIds: z.array(id).max(50) }
export const createEntityProfile = endpoint({
  method: 'POST',
  path: '/api/connections/entity-profiles',
  summary: 'Create an entity profile',
  access: oauthAdmins,
  body: z.strictObject({ ...profileFields, oauthAppId: id }).partial({ isDefault: true, scopeIds: true }),
  answer: entityProfile,
  status: 201,
  errors: ['connections.profile_exists', 'connections.oauth_app_not_found'],
})
export const updateEntityProfile = endpoint({
  method: 'PATCH',
  path: '/api/connections/entity-profiles/{id}',
  summary: 'Change an entity profile: grant type and scopes',
  access: oauthAdmins,
  params: byId,
  body: z
    .strictObject({ ...profileFields, version })
    .partial()
    .required({ version: true }),
  answer: entityProfile,
  errors: [
    'connections.profile_not_found',
    'connections.profile_exists',
    'connections.grant_not_personal',
    'connections.changed_by_someone_else',
  ],
})
export const deleteEntityProfile = endpoint({
  method: 'DELETE',
  path: '/api/connections/entity-profiles/{id}',
  summary: 'Delete an entity profile that no credential uses',
  access: oauthAdmins,
  params: byId,
  answer: done,
  errors: ['connections.profile_not_found', 'connections.profile_in_use'],
})
