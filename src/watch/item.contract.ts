import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { listQuery, pageOf } from '#kit/page.ts'
import { watchRoles } from './contract.ts'

const instant = z.iso.datetime()

/** What the room itself says about a meeting. */
export const itemAnswers = ['none', 'tentative', 'accepted', 'declined', 'organizer'] as const

export const itemStates = ['due', 'failed', 'compared'] as const
export type ItemState = (typeof itemStates)[number]

/** One event of a room's calendar as it was last read, and what came of comparing it with the reservations. */
export const calendarItem = z.object({
  id: z.uuid(),
  room: z.object({ id: z.uuid(), name: z.string() }),
  subject: z.string().describe('As the room’s copy has it; rooms often put the organizer’s name there'),
  organizer: z.string().nullable(),
  startsAt: instant,
  endsAt: instant,
  answer: z.enum(itemAnswers),
  state: z.enum(itemStates).describe('due: it is compared next. failed: that did not work, and is tried again'),
  gone: z.enum(['deleted', 'cancelled']).nullable().describe('Why it is not in the calendar any more'),
  isMissing: z.boolean().describe('It was not where it should be, and is asked for before it counts as gone'),
  decision: z.string().nullable().describe('What the last comparison decided'),
  why: z.string().nullable(),
  error: z.object({ code: z.string(), say: z.string() }).nullable(),
  reservationId: z.uuid().nullable(),
  changedAt: instant,
  plannedAt: instant.nullable(),
  dueAt: instant.nullable(),
})
export type CalendarItemRow = z.infer<typeof calendarItem>

/** Above this many, a list is not counted any further. */
export const countedMax = 10_000

export const listCalendarItems = endpoint({
  method: 'GET',
  path: '/api/watch/items',
  summary: 'What is in rooms’ calendars, and what was decided about it, the latest change first',
  access: watchRoles,
  query: listQuery.extend({
    roomId: z.uuid().optional(),
    state: z.enum(itemStates).optional(),
    isGone: z.stringbool().optional(),
    decision: z.string().max(60).optional(),
    reservationId: z.uuid().optional(),
    iCalUId: z.string().max(1_000).optional(),
  }),
  answer: pageOf(calendarItem).extend({
    totalIsAtLeast: z.boolean().describe(`More than ${countedMax} match; total is that number`),
  }),
})

const byId = z.object({ id: z.uuid() })

export const calendarItemRecord = calendarItem.extend({
  eventId: z.string(),
  iCalUId: z.string(),
  etag: z.string(),
  digest: z.string().describe('The same for copies that mean the same'),
  planAttempts: z.number().int(),
  firstSeenAt: instant,
  seenAt: instant,
  goneAt: instant.nullable(),
  view: z.record(z.string(), z.unknown()).describe('What the room’s copy says, as it is compared'),
})
export type CalendarItemRecord = z.infer<typeof calendarItemRecord>

export const readCalendarItem = endpoint({
  method: 'GET',
  path: '/api/watch/items/{id}',
  summary: 'One calendar item with everything that was read of it',
  access: watchRoles,
  params: byId,
  answer: calendarItemRecord,
  errors: ['watch.item_not_found'],
})

export const processOutcome = z.object({ id: z.uuid(), ok: z.boolean(), say: z.string() })
export type ProcessOutcome = z.infer<typeof processOutcome>

export const processCalendarItems = endpoint({
  method: 'POST',
  path: '/api/watch/items/process',
  summary: 'Compare these with the reservations once more, with the outcome of each',
  access: watchRoles,
  body: z.strictObject({ ids: z.array(z.uuid()).min(1, 'Choose at least one.').max(200, 'At most 200 at once.') }),
  answer: z.object({ outcomes: z.array(processOutcome) }),
})
