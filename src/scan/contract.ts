import { z } from 'zod'
import { endpoint } from '#http/contract.ts'

/** One step of the founding page, judged from the records and from the last live call, never from a tick somebody set. */
export const setupStep = z.object({
  key: z.string(),
  title: z.string(),
  state: z.enum(['done', 'next', 'waiting', 'refused']),
  because: z.string().describe('Why it counts as done, or what is missing'),
  link: z.string().describe('Console path where it is done'),
  action: z.string().describe('What to do there, in the words of the founding page'),
})
export type SetupStep = z.infer<typeof setupStep>

export const readSetup = endpoint({
  method: 'GET',
  path: '/api/scan/setup',
  summary:
    'The steps of “Configure a personal authentication mode Connection and Credential alias for Microsoft Exchange Online”, and which are done',
  query: z.object({ applicationScopeKey: z.string().max(100).optional().describe('What the scope picker shows') }),
  access: ['connection_admin', 'credential_admin', 'oauth_admin', 'rsvsync_admin'],
  answer: z.object({ steps: z.array(setupStep), done: z.number().int(), complete: z.boolean() }),
})
