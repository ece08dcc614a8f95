import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { configurators, id } from './contract.ts'

export const expiry = z.object({
  kind: z.enum(['client_secret', 'certificate', 'token', 'consent']),
  subject: z
    .object({ kind: z.enum(['oauth_app', 'credential']), id, name: z.string() })
    .describe('The record on whose form it is mended'),
  label: z.string().nullable().describe('Which of several client secrets or certificates'),
  covered: z.boolean().describe('Another one that works lasts longer, so nothing ends with it and nobody is warned'),
  account: z.string().nullable().describe('Whose token it is; null for a secret, and for an application’s own token'),
  expiresOn: z.iso.date(),
  daysLeft: z.number().int().describe('Below zero when it has expired'),
  whoMustAct: z.enum(['person', 'administrator']),
  say: z.string().describe('What ends then, and what to do'),
  warnedAt: z.iso.datetime().nullable().describe('When the last warning was sent'),
})
export type Expiry = z.infer<typeof expiry>

export const listExpiries = endpoint({
  method: 'GET',
  path: '/api/connections/expiry',
  summary:
    'What expires within the next 400 days, the soonest first: client secrets, certificates, and tokens that nobody could renew',
  access: configurators,
  answer: z.object({ expiries: z.array(expiry) }),
})
