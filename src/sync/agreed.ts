import { createHash } from 'node:crypto'
import { z } from 'zod'

/**
 * What both sides last agreed on, field by field, kept as text in `event_links.digest`. Only a field that differs from it was changed
 * since, on the side where it differs: what somebody changed on the other side meanwhile stays.
 */
const agreed = z.object({
  subject: z.string(),
  time: z.string(),
  notes: z.string(),
  privacy: z.string(),
  /** Addresses in lower case: to take one away we must know that it was there. */
  invitees: z.array(z.string()),
  /** The time before our last write, and when that was: until the room has heard of it, its copy says this. */
  timeBefore: z.string().nullable().default(null),
  writtenAt: z.iso.datetime().nullable().default(null),
})
export type Agreed = z.infer<typeof agreed>

export type AgreedFields = {
  subject: string
  startsAt: Date
  endsAt: Date
  notes: string
  isPrivate: boolean
  invitees: readonly { email: string }[]
}

/** Everything as it is, agreed on. */
export function agreementOf(fields: AgreedFields): Agreed {
  return {
    subject: digestOf(fields.subject),
    time: timeOf(fields),
    notes: digestOf(fields.notes),
    privacy: privacyOf(fields),
    invitees: addressesOf(fields.invitees),
    timeBefore: null,
    writtenAt: null,
  }
}

export function readAgreement(text: string | null): Agreed | null {
  return text === null ? null : agreed.parse(JSON.parse(text))
}

/** The instants in full, so that a stored agreement can be read by a person. */
export function timeOf({ startsAt, endsAt }: Pick<AgreedFields, 'startsAt' | 'endsAt'>): string {
  return `${startsAt.toISOString()} ${endsAt.toISOString()}`
}

export function privacyOf({ isPrivate }: Pick<AgreedFields, 'isPrivate'>): string {
  return isPrivate ? 'private' : 'visible'
}

export function addressesOf(guests: readonly { email: string }[]): string[] {
  return [...new Set(guests.map(({ email }) => email.toLowerCase()))].sort()
}

/** Exchange trims subjects and unifies line ends; neither is a change that somebody made. */
export function digestOf(text: string): string {
  const plain = text.replaceAll('\r\n', '\n').trim()
  return createHash('sha256').update(plain).digest('base64url').slice(0, 16)
}
