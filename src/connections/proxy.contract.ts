import { z } from 'zod'
import { type Endpoint, endpoint } from '#http/contract.ts'
import { connectionAdmins } from './contract.ts'

const aliasAndPath = z.object({ id: z.string().describe('Alias id or record id') })

/** What a program may say about one call, as headers of its request. */
export const proxyHeaders = {
  connection: 'x-anteroom-connection',
  mayRepeat: 'x-anteroom-may-repeat',
  purpose: 'x-anteroom-purpose',
} as const

/** Says that the answer, whatever its status, is the server's and not ours. */
export const answeredByHeader = 'x-anteroom-answered-by'

function proxied(method: Endpoint['method']) {
  return endpoint({
    method,
    path: '/api/connections/aliases/{id}/proxy/*',
    summary: `Make a ${method} call through an alias, with its credential, which stays here`,
    access: 'signed_in',
    params: aliasAndPath,
    answer: z.unknown(),
    media: ['*/*'],
    errors: [
      'connections.alias_not_found',
      'connections.not_set',
      'connections.sign_in_needed',
      'connections.value_missing',
      'connections.other_destination',
      'connections.other_origin',
      'connections.redirect_refused',
      'connections.no_answer',
    ],
  })
}

export const proxyMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export const proxyCalls = proxyMethods.map(proxied)

export const releasedToken = z.object({
  accessToken: z.string(),
  tokenType: z.literal('Bearer'),
  expiresAt: z.iso.datetime().nullable(),
  connectionUrl: z.string().describe('The only address it should be sent to'),
  account: z.string().nullable(),
})
export type ReleasedToken = z.infer<typeof releasedToken>

export const releaseAccessToken = endpoint({
  method: 'POST',
  path: '/api/connections/aliases/{id}/access-token',
  summary:
    'Be given an access token. Off unless the operator switched it on; refresh tokens and client secrets never leave',
  access: connectionAdmins,
  params: aliasAndPath,
  body: z.strictObject({
    purpose: z.string().trim().min(3, 'Say what it is for; it is written into the audit trail.').max(200),
    connection: z.string().max(200).optional(),
  }),
  answer: releasedToken,
  errors: [
    'connections.release_off',
    'connections.nothing_to_release',
    'http.recent_sign_in_required',
    'connections.alias_not_found',
    'connections.not_set',
    'connections.sign_in_needed',
  ],
})
