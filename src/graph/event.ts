import { z } from 'zod'

/** Answers to an invitation (Graph responseStatus). The organizer sees `none` until somebody answers. */
export const responseKinds = [
  'none',
  'organizer',
  'tentativelyAccepted',
  'accepted',
  'declined',
  'notResponded',
] as const

/** A time that is none would only be noticed where it is compared. */
const readable = (dateTime: string) => !Number.isNaN(Date.parse(dateTime))

const dateTimeTimeZone = z.object({ dateTime: z.string().refine(readable), timeZone: z.string() })

const emailAddress = z.object({ name: z.string().nullish(), address: z.string().nullish() })

/** An answer this version of Graph knows and we do not yet counts as no answer. */
const response = z.enum(responseKinds).catch('none')

const attendee = z.object({
  emailAddress,
  type: z.enum(['required', 'optional', 'resource']).catch('required'),
  status: z.object({ response, time: z.string().nullish() }).nullish(),
})
export type GraphAttendee = z.infer<typeof attendee>

/** The part of Graph's event that we read. Unknown fields are dropped; what Graph may leave out is optional here. */
export const graphEvent = z.object({
  id: z.string().min(1),
  '@odata.etag': z.string().min(1),
  iCalUId: z.string().min(1),
  subject: z.string().nullish(),
  body: z.object({ contentType: z.string(), content: z.string() }).nullish(),
  start: dateTimeTimeZone,
  end: dateTimeTimeZone,
  attendees: z.array(attendee).default([]),
  isCancelled: z.boolean().default(false),
  isOrganizer: z.boolean().default(true),
  sensitivity: z.string().default('normal'),
  organizer: z.object({ emailAddress }).nullish(),
  responseStatus: z.object({ response }).nullish(),
  lastModifiedDateTime: z.string().nullish(),
  webLink: z.string().nullish(),
})
export type GraphEvent = z.infer<typeof graphEvent>

export const graphEvents = z.object({ value: z.array(graphEvent) })

/** The instant of a time that was asked for in UTC (`Prefer: outlook.timezone="UTC"`): seven digits of fraction, no offset. */
export function instantOf({ dateTime, timeZone }: { dateTime: string; timeZone: string }): Date {
  if (!/(^|\/)utc$/i.test(timeZone)) throw new Error(`Graph answered in ${timeZone} although UTC was asked for`)
  return new Date(`${dateTime.replace(/(\.\d{3})\d*$/, '$1')}Z`)
}

type DraftAttendee = {
  emailAddress: { address: string; name: string }
  type: 'required' | 'optional' | 'resource'
}

/** What we write. Times are wall time and zone, so that the event keeps its hour when a country changes its clocks. */
export type EventDraft = {
  subject: string
  body: { contentType: 'html'; content: string }
  start: { dateTime: string; timeZone: string }
  end: { dateTime: string; timeZone: string }
  location: { displayName: string; locationEmailAddress: string; locationType: 'conferenceRoom' }
  attendees: DraftAttendee[]
  sensitivity: 'normal' | 'private'
  transactionId: string
  singleValueExtendedProperties: { id: string; value: string }[]
}
