import { z } from 'zod'
import { endpoint, tokenScopes } from '#http/contract.ts'
import { name, role, userRow } from './contract.ts'

export const tokenScope = z.enum(tokenScopes)

export const apiToken = z.object({
  id: z.uuid(),
  name: z.string(),
  publicId: z.string(),
  scopes: z.array(tokenScope),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
})
export type ApiToken = z.infer<typeof apiToken>

const newApiToken = z.strictObject({
  name: name(100, 'Enter a name, for example “nightly report”.'),
  expiresInDays: z.number().int().min(1).max(365).default(90),
  scopes: z
    .array(tokenScope)
    .min(1, 'Choose what the token is for.')
    .max(tokenScopes.length)
    .default(['everything'])
    .describe('What it may be used for at most. It never can do more than its owner.'),
})

export type NewApiToken = z.infer<typeof newApiToken>

export const listApiTokens = endpoint({
  method: 'GET',
  path: '/api/people/api-tokens',
  summary: 'My API tokens',
  access: 'signed_in',
  answer: z.object({ tokens: z.array(apiToken) }),
})

export const createApiToken = endpoint({
  method: 'POST',
  path: '/api/people/api-tokens',
  summary: 'Create an API token; it is shown once',
  access: 'signed_in',
  body: newApiToken,
  answer: apiToken.extend({ token: z.string() }),
  status: 201,
  errors: ['people.session_required', 'people.too_many_api_tokens', 'http.recent_sign_in_required'],
})

export const revokeApiToken = endpoint({
  method: 'DELETE',
  path: '/api/people/api-tokens/{id}',
  summary: 'Revoke one of my API tokens',
  access: 'signed_in',
  params: z.object({ id: z.uuid() }),
  answer: z.object({ done: z.literal(true) }),
  errors: ['people.api_token_not_found'],
})

export const createServiceAccount = endpoint({
  method: 'POST',
  path: '/api/people/service-accounts',
  summary: 'An account for a program: it has roles and API tokens, and no other way to sign in',
  access: ['admin'],
  body: z.strictObject({
    displayName: name(120, 'Enter a name, for example “Lobby display”.'),
    roles: z.array(role).max(role.options.length).default(['employee']),
  }),
  answer: userRow,
  status: 201,
  errors: ['people.service_account_exists'],
})

const ownerId = z.object({ id: z.uuid().describe('The owner, as in the list of users') })

export const listApiTokensOf = endpoint({
  method: 'GET',
  path: '/api/people/users/{id}/api-tokens',
  summary: 'The API tokens of a person or service account',
  access: ['admin'],
  params: ownerId,
  answer: z.object({ tokens: z.array(apiToken) }),
  errors: ['people.user_not_found'],
})

export const createServiceAccountToken = endpoint({
  method: 'POST',
  path: '/api/people/users/{id}/api-tokens',
  summary: 'Create an API token for a service account; it is shown once',
  access: ['admin'],
  params: ownerId,
  body: newApiToken,
  answer: apiToken.extend({ token: z.string() }),
  status: 201,
  errors: [
    'people.session_required',
    'people.user_not_found',
    'people.service_account_required',
    'people.too_many_api_tokens',
  ],
})

export const revokeApiTokenOf = endpoint({
  method: 'DELETE',
  path: '/api/people/users/{id}/api-tokens/{tokenId}',
  summary: 'Revoke an API token of a person or service account',
  access: ['admin'],
  params: ownerId.extend({ tokenId: z.uuid() }),
  answer: z.object({ done: z.literal(true) }),
  errors: ['people.api_token_not_found'],
})
