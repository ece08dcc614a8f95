import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { configurators, id } from './contract.ts'

export const expiry = z.object({
  kind: z.enum(['client_secret', 'certificate', 'token']),
  subject: z.object({ id, name: z.string() }).describe('The OAuth app, or the credential whose token it is'),
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
    'What expires within the next 400 days, the soonest first: client secrets, and tokens that nobody could renew',
  access: configurators,
  answer: z.object({ expiries: z.array(expiry) }),
})
