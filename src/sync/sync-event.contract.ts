import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { reservationSources, reservationState } from '#reservations/contract.ts'

/** Who sees and repeats what goes to Outlook. */
export const syncRoles = ['rsvsync_admin'] as const

export const syncEventStates = ['new', 'processing', 'processed', 'error'] as const
export type SyncEventState = (typeof syncEventStates)[number]

export const syncActions = ['create', 'update', 'cancel', 'release'] as const
export type SyncAction = (typeof syncActions)[number]

/** What came of a change, or why nothing has yet. The last five are errors: it is tried again, or somebody has to help. */
export const subStates = [
  'created',
  'found_again',
  'changed',
  'unchanged',
  'removed',
  'released',
  'answered_meanwhile',
  'deleted_outside',
  'overruled',
  'no_request',
  'not_required',
  'waits_for_permission',
  'waits_for_configuration',
  'later',
  'refused',
] as const
export type SubState = (typeof subStates)[number]

export const actsAs = z.enum(['application', 'delegated', 'personal'])

/** One change of a reservation on its way to Outlook. */
export const syncEvent = z.object({
  seq: z.string().describe('Its number: later changes have higher ones'),
  state: z.enum(syncEventStates),
  subState: z.enum(subStates).nullable(),
  say: z.string().describe('How it stands, and what comes next, in a sentence'),
  action: z.enum(syncActions),
  reservation: z.object({
    id: z.uuid(),
    subject: z.string(),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    timeZone: z.string(),
    state: reservationState,
  }),
  room: z.object({ id: z.uuid(), name: z.string() }),
  mailbox: z.string().nullable().describe('Whose calendar was written'),
  identity: z.string().nullable().describe('Whose permission was used'),
  actsAs: actsAs.nullable(),
  attempts: z.number().int(),
  errorCode: z.string().nullable(),
  createdAt: z.iso.datetime().describe('When the change was made here'),
  updatedAt: z.iso.datetime(),
  processedAt: z.iso.datetime().nullable(),
  nextAttemptAt: z.iso.datetime().nullable().describe('Set while it waits for its time'),
})
export type SyncEvent = z.infer<typeof syncEvent>

/** Above this many, a list is not counted any further, nor paged through. */
export const countedMax = 10_000

export const listSyncEvents = endpoint({
  method: 'GET',
  path: '/api/sync/events',
  summary: 'Changes on their way to Outlook, and what came of them, the newest first',
  access: syncRoles,
  query: listQuery.extend({
    state: z.enum(syncEventStates).optional(),
    subState: z.enum(subStates).optional(),
    action: z.enum(syncActions).optional(),
    roomId: z.uuid().optional(),
    reservationId: z.uuid().optional(),
    errorCode: z.string().max(200).optional(),
    since: z.iso.datetime({ offset: true }).optional().describe('Made at this moment or later'),
  }),
  answer: pageOf(syncEvent).extend({
    totalIsAtLeast: z.boolean().describe(`More than ${countedMax} match; total is that number`),
  }),
})

const bySeq = z.object({ seq: z.string().regex(/^\d{1,18}$/, 'Use the number of a sync event.') })
const json = z.record(z.string(), z.unknown())

export const syncEventRecord = syncEvent.extend({
  askedBy: z.string().nullable().describe('Whose change it was; null when it came from Outlook or from us'),
  source: z.enum(reservationSources).nullable(),
  provider: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  requestId: z.string().nullable().describe('Microsoft Graph request-id'),
  errorSay: z.string().nullable().describe('What happened, and what to do'),
  payload: json.nullable().describe('The reservation, in the words of this API'),
  providerPayload: json.nullable().describe('What was sent to Microsoft Graph, or would be'),
  response: json.nullable().describe('What Microsoft Graph answered'),
  difference: z
    .record(z.string(), z.object({ now: z.unknown(), next: z.unknown() }))
    .nullable()
    .describe('Field by field, what Outlook has and what it would have; only where nothing is sent'),
})
export type SyncEventRecord = z.infer<typeof syncEventRecord>

export const readSyncEvent = endpoint({
  method: 'GET',
  path: '/api/sync/events/{seq}',
  summary: 'One sync event with what was sent and what was answered',
  access: syncRoles,
  params: bySeq,
  answer: syncEventRecord,
  errors: ['sync.event_unknown'],
})

export const reprocessOutcome = z.object({
  seq: z.string(),
  is: z.enum(['hastened', 'announced', 'refused']),
  say: z.string().describe('What happens now, or why nothing does and what to do instead'),
  code: z.string().nullable().describe('Of a refusal'),
})
export type ReprocessOutcome = z.infer<typeof reprocessOutcome>

export const reprocessSyncEvent = endpoint({
  method: 'POST',
  path: '/api/sync/events/{seq}/reprocess',
  summary: 'Let a change go out again: what waits goes now, what is done is compared with Outlook once more',
  access: syncRoles,
  params: bySeq,
  answer: reprocessOutcome,
  errors: ['sync.event_unknown', 'sync.nothing_to_reprocess'],
})

export const reprocessSyncEvents = endpoint({
  method: 'POST',
  path: '/api/sync/events/reprocess',
  summary: 'Let many changes go out again, with the outcome of each',
  access: syncRoles,
  body: z.strictObject({
    seqs: z.array(bySeq.shape.seq).min(1, 'Choose at least one.').max(200, 'At most 200 at once.'),
  }),
  answer: z.object({ outcomes: z.array(reprocessOutcome) }),
})
