import { z } from 'zod'
import { endpoint } from '#http/contract.ts'
import { actsAs, syncEvent } from './sync-event.contract.ts'

const instant = z.iso.datetime()

/** What one side says about a meeting. Null: it does not say. */
const copy = z.object({
  subject: z.string().nullable(),
  startsAt: instant,
  endsAt: instant,
  isPrivate: z.boolean().nullable(),
  people: z.array(z.string()).nullable().describe('Addresses of everybody invited besides the organizer'),
})

export const story = z.object({
  reservationId: z.uuid(),
  timeZone: z.string(),
  here: copy.extend({ changedAt: instant }),
  agreed: copy
    .omit({ subject: true })
    .extend({
      subject: z.enum(['as_here', 'other']).describe('Only a digest of it is kept'),
      notes: z.enum(['as_here', 'other']),
    })
    .nullable()
    .describe('What both sides last agreed on: only what differs from it was changed since'),
  room: copy
    .extend({
      answer: z.enum(['none', 'tentative', 'accepted', 'declined', 'organizer']),
      organizer: z.string().nullable(),
      showAs: z.string(),
      changedAt: instant,
      goneAt: instant.nullable(),
      goneWhy: z.enum(['deleted', 'cancelled']).nullable(),
    })
    .nullable()
    .describe('The room’s own copy, as it was last read. Rooms often replace the subject and clear the private flag'),
  link: z
    .object({
      mailbox: z.string().describe('Whose event it is'),
      actsAs: actsAs.nullable().describe('With whose permission it is written'),
      eventId: z.string().nullable(),
      iCalUId: z.string().nullable(),
      etag: z.string().nullable(),
      bornOutside: z.boolean(),
      endedBy: z.enum(['here', 'outlook']).nullable(),
      askedAt: instant.nullable().describe('When the room was last asked'),
      nextLookAt: instant.nullable(),
      error: z.object({ code: z.string(), say: z.string() }).nullable(),
    })
    .nullable()
    .describe('What joins it to its event; null while there is none'),
  decisions: z.array(z.object({ at: instant, decision: z.string(), why: z.string(), say: z.string() })),
  events: z.array(syncEvent),
  proposals: z.array(
    z.object({
      id: z.uuid(),
      sentence: z.string(),
      because: z.string(),
      mailedTo: z.string().nullable(),
      at: instant,
      outcome: z.enum(['taken', 'overtaken', 'withdrawn']).nullable(),
      settledAt: instant.nullable(),
    }),
  ),
  json: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('The same as it is stored, for administrators of the synchronization'),
})
export type Story = z.infer<typeof story>

export const readStory = endpoint({
  method: 'GET',
  path: '/api/sync/reservations/{id}/story',
  summary: 'What each copy of a reservation says, what was decided and why, and what went to Outlook',
  access: 'signed_in',
  params: z.object({ id: z.uuid() }),
  answer: story,
  errors: ['reservations.not_found'],
})
