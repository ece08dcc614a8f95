import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { reference } from './contract.ts'
import { revocationReceipt } from './token.contract.ts'

const byAlias = z.object({ id: z.string().max(200).describe('Alias id or record id') })

export const personalToken = z.object({
  aliasId: z.string(),
  credential: reference,
  valid: z.boolean().describe('May a call be made with it now? It is renewed by itself while this is so'),
  state: z
    .enum(['ready', 'none', 'reauth_required', 'revoked', 'ended', 'not_set_up'])
    .describe('ended: it could not be renewed; not_set_up: an administrator has to complete the credential first'),
  reason: z.string().describe('Why it is or is not valid, in a sentence for people'),
  nextStep: z.string().nullable().describe('What makes it valid, and by whom; null when it is'),
  whoMustAct: z.enum(['person', 'administrator']).nullable(),
  initiatorUrl: z
    .string()
    .describe('Page of Anteroom where the person authorises, after signing in; it holds no secret and may be mailed'),
  account: z.string().nullable().describe('The account that was accepted'),
  worksUntil: z.iso.datetime().nullable().describe('When it lapses if it is not used before'),
})
export type PersonalToken = z.infer<typeof personalToken>

export const readPersonalToken = endpoint({
  method: 'GET',
  path: '/api/connections/aliases/{id}/personal-token',
  summary: 'Is my own permission for this alias valid, why, and where do I give it?',
  access: 'signed_in',
  params: byAlias,
  answer: personalToken,
  errors: ['connections.alias_not_found', 'connections.not_set', 'connections.not_personal'],
})
export const revokePersonalTokenOfAlias = endpoint({
  method: 'DELETE',
  path: '/api/connections/aliases/{id}/personal-token',
  summary: 'Take my own permission for this alias back',
  access: 'signed_in',
  params: byAlias,
  answer: personalToken.extend({
    receipt: revocationReceipt.nullable().describe('Null when there was nothing to revoke'),
  }),
  errors: ['connections.alias_not_found', 'connections.not_set', 'connections.not_personal'],
})
