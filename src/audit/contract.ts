import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'

export const auditEntry = z.object({
  seq: z.string().describe('Place in the chain; a number too large for some JSON readers, hence text'),
  at: z.iso.datetime(),
  actor: z.object({ id: z.uuid().nullable().describe('Null when Anteroom acted by itself'), name: z.string() }),
  action: z.string().describe('feature.verb'),
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  details: z.record(z.string(), z.unknown()),
  requestId: z.string().nullable(),
  previousHash: z.string(),
  hash: z.string().describe('SHA-256 in hex over this entry and the hash before it'),
})
export type AuditEntryRow = z.infer<typeof auditEntry>

const word = z.string().regex(/^[a-z_]{1,60}$/, 'Use small letters and underscores.')

/** What narrows the trail. Times are ISO 8601 with a zone; `from` is included, `to` is not. */
export const auditFilter = z.object({
  q: z.string().max(200).optional().describe('Text in the name of actor, subject or action, or a whole request id'),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  actorId: z.uuid().optional(),
  feature: word.optional().describe('The first half of an action, such as people'),
  action: z
    .string()
    .regex(/^[a-z_]{1,60}\.[a-z_]{1,60}$/, 'Use an action such as people.signed_in.')
    .optional(),
  subjectKind: word.optional(),
  subjectId: z.string().max(200).optional(),
})

/** A list counts no further than this. */
export const countedMax = 10_000

/** As many entries as one export may hold. */
export const exportedMax = 100_000

export const listAudit = endpoint({
  method: 'GET',
  path: '/api/audit',
  summary: 'Who did what to what, newest first',
  access: ['admin'],
  query: listQuery.extend(auditFilter.shape),
  answer: pageOf(auditEntry).extend({
    totalIsAtLeast: z.boolean().describe(`More than ${countedMax} entries match; total says ${countedMax} then`),
  }),
})

export const exportAudit = endpoint({
  method: 'GET',
  path: '/api/audit/export',
  summary: `The same entries as a file, oldest first, at most ${exportedMax}`,
  access: ['admin'],
  query: auditFilter.extend({ format: z.enum(['csv', 'json']).default('csv') }),
  answer: z.string(),
  media: ['text/csv', 'application/json'],
  errors: ['audit.export_too_large'],
})

export const verifyAuditTrail = endpoint({
  method: 'GET',
  path: '/api/audit/verification',
  summary: 'Walks the whole chain and names the first entry that was altered or follows one that was taken out',
  access: ['admin'],
  answer: z.object({
    checked: z.number().int(),
    broken: z
      .object({
        seq: z.string(),
        at: z.iso.datetime(),
        action: z.string(),
        because: z.enum(['altered', 'predecessor']),
      })
      .nullable(),
    end: z
      .object({ seq: z.string(), hash: z.string() })
      .nullable()
      .describe('Keep it elsewhere: anteroom audit verify --includes SEQ:HASH shows later that nothing was cut off'),
  }),
})
