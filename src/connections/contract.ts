import { z } from 'zod'
import { endpoint } from '#http/contract.ts'

/** Shapes that all connection records share, and who may change what. The operations are in the `*.contract.ts` files beside it. */

export const id = z.uuid()
export const byId = z.object({ id })
export const version = z.number().int().describe('The version that was read; a write with an older one is refused')
export const stamp = { version, updatedAt: z.iso.datetime(), updatedBy: z.string() }
export const done = z.object({ done: z.literal(true) })

/** A pointer to another record, with what a list or a link has to show. */
export const reference = z.object({ id, name: z.string() })
export type Reference = z.infer<typeof reference>

export const applicationScope = z.object({ id, key: z.string(), name: z.string() })
export type ApplicationScope = z.infer<typeof applicationScope>

export const grantType = z.enum(['authorization_code', 'client_credentials', 'password', 'jwt_bearer'])
export type GrantType = z.infer<typeof grantType>
export const credentialType = z.enum(['oauth2', 'basic', 'api_key', 'bearer', 'client_certificate'])
export type CredentialType = z.infer<typeof credentialType>
export const integrationType = z.enum(['system', 'personal'])
export const aliasType = z.enum(['credential', 'connection_and_credential'])

/** A value and where it comes from: this record, the parent alias, or the product's default. */
export const effective = <T extends z.ZodType>(value: T) =>
  z.object({
    value,
    source: z.enum(['own', 'parent', 'default', 'none']),
    from: z.string().nullable().describe('Name of the record it is inherited from'),
  })

export const name = z.string().trim().min(1, 'Enter a name.').max(120)
export const httpsUrl = z
  .url({ protocol: /^https?$/, error: 'Enter an address such as https://graph.microsoft.com.' })
  .max(2000)

export const configurators = ['connection_admin', 'credential_admin', 'oauth_admin', 'rsvsync_admin'] as const
export const connectionAdmins = ['connection_admin'] as const
export const credentialAdmins = ['credential_admin'] as const
export const oauthAdmins = ['oauth_admin'] as const

export const listApplicationScopes = endpoint({
  method: 'GET',
  path: '/api/connections/application-scopes',
  summary: 'Application scopes for the scope picker',
  access: 'signed_in',
  answer: z.object({ scopes: z.array(applicationScope) }),
})
