import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { EventDraft, GraphAttendee, GraphEvent } from '#graph/event.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import { eventDraft } from './event-draft.ts'
import { replaceNotes } from './notes-block.ts'

/**
 * What both sides last agreed on, field by field, kept as text in `event_links.digest`. Only a field that differs from it was
 * changed here, and only such a field is written: what somebody changed in Outlook meanwhile stays.
 */
const agreed = z.object({
  subject: z.string(),
  time: z.string(),
  notes: z.string(),
  privacy: z.string(),
  /** Addresses in lower case: to take one away we must know that it was ours. */
  invitees: z.array(z.string()),
})
export type Agreed = z.infer<typeof agreed>

export function agreementOf({ row, invitees }: WholeReservation): Agreed {
  return {
    subject: digest(row.subject),
    time: digest(`${row.starts_at.toISOString()} ${row.ends_at.toISOString()}`),
    notes: digest(row.notes),
    privacy: digest(String(row.is_private)),
    invitees: invitees.map(({ email }) => email.toLowerCase()).sort(),
  }
}

export function readAgreement(text: string | null): Agreed | null {
  return text === null ? null : agreed.parse(JSON.parse(text))
}

/**
 * The smallest change that brings the event to the reservation; empty when there is none. Attendees are replaced whole by Graph, so
 * those that were added in Outlook are kept, and a change of attendees alone mails only those (event-update).
 */
export function changesTo(event: GraphEvent, whole: WholeReservation, before: Agreed | null): Partial<EventDraft> {
  const now = agreementOf(whole)
  const draft = eventDraft(whole)
  const changes: Partial<EventDraft> = {}
  if (now.subject !== before?.subject) changes.subject = draft.subject
  if (now.privacy !== before?.privacy) changes.sensitivity = draft.sensitivity
  if (now.time !== before?.time) Object.assign(changes, { start: draft.start, end: draft.end })
  if (now.notes !== before?.notes) {
    changes.body = { contentType: 'html', content: replaceNotes(event.body?.content ?? '', whole.row.notes) }
  }
  if (now.invitees.join() !== before?.invitees.join()) {
    changes.attendees = mergedAttendees(event.attendees, draft.attendees, before?.invitees ?? [])
  }
  return changes
}

/** Ours, then theirs that we neither have nor took away. */
function mergedAttendees(
  theirs: readonly GraphAttendee[],
  ours: EventDraft['attendees'],
  agreedBefore: readonly string[],
): EventDraft['attendees'] {
  const known = new Set([...ours.map(({ emailAddress }) => emailAddress.address.toLowerCase()), ...agreedBefore])
  const added = theirs.flatMap(({ emailAddress, type }) => {
    const address = emailAddress.address ?? ''
    if (address === '' || known.has(address.toLowerCase())) return []
    return [{ emailAddress: { address, name: emailAddress.name ?? address }, type }]
  })
  return [...ours, ...added]
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}
