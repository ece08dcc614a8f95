import { z } from 'zod'

/** What the room itself says about a meeting in its calendar. `organizer`: the room made it, which nobody should do (graph-facts: room mailboxes never organise). */
export const roomAnswers = ['none', 'tentative', 'accepted', 'declined', 'organizer'] as const

const person = z.object({ name: z.string(), address: z.string() })

/**
 * One event of a room's calendar in our words: what the planner compares. Times are the columns of the row beside it. A room may have
 * replaced the subject by the organizer's name, emptied the body and cleared the private flag (Set-CalendarProcessing).
 */
export const roomView = z.object({
  subject: z.string(),
  organizer: person.nullable(),
  answer: z.enum(roomAnswers),
  isCancelled: z.boolean(),
  isPrivate: z.boolean(),
  isAllDay: z.boolean(),
  showAs: z.string(),
  /** People only, without rooms and other resources. */
  attendees: z.array(person),
  /** Addresses of rooms and other resources, in lower case. */
  resources: z.array(z.string()),
  type: z.enum(['singleInstance', 'occurrence', 'exception', 'seriesMaster']),
  seriesMasterId: z.string().nullable(),
  modifiedAt: z.iso.datetime().nullable(),
  webLink: z.string().nullable(),
})
export type RoomView = z.infer<typeof roomView>
