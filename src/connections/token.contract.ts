import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { byId, configurators, credentialAdmins, id, reference } from './contract.ts'

export const tokenPanel = z.object({
  state: z.enum(['none', 'ready', 'reauth_required', 'revoked']),
  sentence: z.string().describe('Whether it works and until when, or what to do'),
  account: z
    .object({
      name: z.string(),
      email: z.string(),
      objectId: z.string(),
      tenantId: z.string(),
      matchesExpected: z.boolean(),
    })
    .nullable(),
  scopes: z.array(z.object({ scope: z.string(), asked: z.boolean(), granted: z.boolean() })),
  accessExpiresAt: z.iso.datetime().nullable(),
  worksUntil: z.iso.datetime().nullable().describe('When the refresh token lapses if it is not used before'),
  obtainedBy: z.string().nullable(),
  obtainedAt: z.iso.datetime().nullable(),
  refreshedAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
  lastError: z.object({ code: z.string(), say: z.string(), at: z.iso.datetime() }).nullable(),
  whoMustAct: z
    .enum(['person', 'administrator', 'nobody', 'us'])
    .nullable()
    .describe('Who can end the trouble it is in; null when there is none, nobody when it passes by itself'),
  button: z
    .object({ label: z.string(), does: z.enum(['sign_in', 'open_oauth_app', 'test']) })
    .nullable()
    .describe('What ends the trouble, or asks for scopes that are missing'),
  missingScopes: z
    .array(z.string())
    .describe('Asked for by the profile today, and not granted when the token was obtained'),
  probe: z
    .object({ ok: z.boolean(), say: z.string(), at: z.iso.datetime() })
    .nullable()
    .describe('The last live call that proved it'),
})
export type TokenPanel = z.infer<typeof tokenPanel>

export const revocationReceipt = z.object({
  revokedAt: z.iso.datetime(),
  here: z.string().describe('What was destroyed here'),
  revokedAtProvider: z.boolean(),
  atProvider: z.string().describe('What the provider was told, or why it was not'),
  accessTokenGoodUntil: z.iso
    .datetime()
    .nullable()
    .describe('A copy of the access token, had anybody one, would work until then'),
  whatToDo: z.array(z.object({ say: z.string(), url: z.string() })).describe('What cannot be done from here'),
})
export type RevocationReceipt = z.infer<typeof revocationReceipt>
const revoked = tokenPanel.extend({
  receipt: revocationReceipt.nullable().describe('Null when there was nothing to revoke'),
})
export type RevokedToken = z.infer<typeof revoked>

const startBody = z.strictObject({
  returnTo: z.string().max(2000).default('/').describe('Path to come back to'),
  openedIn: z.enum(['page', 'popup']).default('page'),
  chooseAnotherAccount: z
    .boolean()
    .default(false)
    .describe('Make Microsoft show the account picker even when a session exists'),
})
const started = z.object({
  authorizationId: id.nullable(),
  url: z.string().nullable().describe('Send the browser here; null when no sign-in was needed (client credentials)'),
})

export const getOAuthToken = endpoint({
  method: 'POST',
  path: '/api/connections/credentials/{id}/authorization',
  summary: 'Get OAuth Token: sign in as the delegated user of a System credential',
  access: credentialAdmins,
  params: byId,
  body: startBody,
  answer: started,
  status: 201,
  errors: [
    'connections.credential_not_found',
    'connections.credential_is_personal',
    'connections.profile_missing',
    'connections.oauth_app_incomplete',
    'connections.expected_account_missing',
    'connections.vault_sealed',
  ],
})
export const probeCredential = endpoint({
  method: 'POST',
  path: '/api/connections/credentials/{id}/probe',
  summary: 'Prove the token by a live call',
  access: configurators,
  params: byId,
  answer: tokenPanel,
  errors: ['connections.credential_not_found', 'connections.sign_in_needed'],
})
export const revokeCredentialToken = endpoint({
  method: 'DELETE',
  path: '/api/connections/credentials/{id}/token',
  summary: 'Forget the token of a System credential',
  access: credentialAdmins,
  params: byId,
  answer: revoked,
  errors: ['connections.credential_not_found'],
})

export const authorization = z.object({
  id,
  outcome: z.enum(['pending', 'stored', 'refused']),
  code: z.string().nullable(),
  say: z.string().nullable(),
  expectedName: z.string().nullable(),
  actualName: z.string().nullable(),
  purpose: z.enum(['system', 'personal']),
  credential: reference,
  openedIn: z.enum(['page', 'popup']),
  returnTo: z.string(),
})
export type Authorization = z.infer<typeof authorization>
export const readAuthorization = endpoint({
  method: 'GET',
  path: '/api/connections/authorizations/{id}',
  summary: 'How one sign-in ended',
  access: 'signed_in',
  params: byId,
  answer: authorization,
  errors: ['connections.authorization_not_found'],
})

export const personalConnection = z.object({
  credential: reference,
  usedFor: z.string(),
  account: z.string().describe('The account that must sign in'),
  token: tokenPanel,
})
export type PersonalConnection = z.infer<typeof personalConnection>
export const listPersonalConnections = endpoint({
  method: 'GET',
  path: '/api/connections/personal',
  summary: 'My connections: what Anteroom may do with my own permission',
  access: 'signed_in',
  answer: z.object({ connections: z.array(personalConnection) }),
})
export const authorisePersonal = endpoint({
  method: 'POST',
  path: '/api/connections/personal/{id}/authorization',
  summary: 'Authorise or renew: sign in as yourself',
  access: 'signed_in',
  params: byId,
  body: startBody,
  answer: started,
  status: 201,
  errors: [
    'connections.credential_not_found',
    'connections.profile_missing',
    'connections.oauth_app_incomplete',
    'connections.no_microsoft_account',
    'connections.vault_sealed',
  ],
})
export const revokePersonal = endpoint({
  method: 'DELETE',
  path: '/api/connections/personal/{id}/token',
  summary: 'Take my permission back',
  access: 'signed_in',
  params: byId,
  answer: revoked,
  errors: ['connections.credential_not_found'],
})
