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
  answer: z.object({
    steps: z.array(setupStep),
    done: z.number().int(),
    complete: z.boolean(),
    afterwards: z.array(setupStep).describe('Then: calendar synchronization'),
  }),
})

/** Something that is not as it should be, and the way to mend it. */
export const finding = z.object({
  check: z.string(),
  meaning: z.enum(['refused', 'attention']).describe('refused: it does not work. attention: somebody should know'),
  subject: z.string().describe('The record or the number of records that it is about'),
  say: z.string(),
  action: z.string(),
  link: z.string().describe('Console path where it is mended'),
})
export type Finding = z.infer<typeof finding>

export const scanReport = z.object({
  at: z.iso.datetime(),
  findings: z.array(finding),
  checks: z.array(z.object({ key: z.string(), title: z.string(), findingCount: z.number().int() })),
})
export type ScanReport = z.infer<typeof scanReport>

export const readFindings = endpoint({
  method: 'GET',
  path: '/api/scan/findings',
  summary: 'Scan now: is the set-up of calendar synchronization right',
  access: ['connection_admin', 'credential_admin', 'oauth_admin', 'rsvsync_admin'],
  answer: scanReport,
})
