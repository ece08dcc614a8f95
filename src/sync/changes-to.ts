import type { EventDraft, GraphAttendee, GraphEvent } from '#graph/event.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import { type Agreed, agreementOf } from './agreed.ts'
import { eventDraft, guestsOf } from './event-draft.ts'
import { replaceNotes } from './notes-block.ts'

/** A reservation as the fields that both sides agree on. */
export function agreementWith(whole: WholeReservation): Agreed {
  const { row } = whole
  return agreementOf({
    subject: row.subject,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    notes: row.notes,
    isPrivate: row.is_private,
    invitees: guestsOf(whole),
  })
}

/**
 * The smallest change that brings the event to the reservation; empty when there is none. Attendees are replaced whole by Graph, so
 * those that were added in Outlook are kept, and a change of attendees alone mails only those (event-update).
 */
export function changesTo(event: GraphEvent, whole: WholeReservation, before: Agreed | null): Partial<EventDraft> {
  const now = agreementWith(whole)
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
