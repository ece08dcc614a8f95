import type { Attendee, EventItem } from '../model.ts'

/** Whom an organizer invites; the answer is never theirs to write. */
export type Invitee = Pick<Attendee, 'emailAddress' | 'type'>

type Settable =
  | 'subject'
  | 'body'
  | 'startsAt'
  | 'endsAt'
  | 'originalStartTimeZone'
  | 'originalEndTimeZone'
  | 'isAllDay'
  | 'location'
  | 'showAs'
  | 'sensitivity'
  | 'importance'
  | 'hideAttendees'
  | 'allowNewTimeProposals'
  | 'responseRequested'
  | 'isReminderOn'
  | 'reminderMinutesBeforeStart'
  | 'categories'
  | 'recurrence'
  | 'singleValueExtendedProperties'

/** What a create or a patch writes, already parsed: instants are UTC, absent means untouched, attendees replace the whole list. */
export type EventChanges = Partial<Pick<EventItem, Settable>> & { attendees?: Invitee[] }

/** A create must say when. */
export type EventDraft = EventChanges & Pick<EventItem, 'startsAt' | 'endsAt'> & { transactionId?: string | null }

/** Properties that live on one copy only: writing them mails nobody. */
const privateToACopy = new Set<keyof EventChanges>([
  'categories',
  'isReminderOn',
  'reminderMinutesBeforeStart',
  'singleValueExtendedProperties',
])

/**
 * Who hears of a patch (Graph event-update, "side effects"): attendees alone reach only those who changed, any
 * other shared property reaches everyone, and a property private to this copy reaches nobody.
 */
export function audienceOf(changes: EventChanges): 'nobody' | 'changedAttendees' | 'everyone' {
  const shared = (Object.keys(changes) as (keyof EventChanges)[]).filter((key) => !privateToACopy.has(key))
  if (shared.length === 0) return 'nobody'
  return shared.length === 1 && shared[0] === 'attendees' ? 'changedAttendees' : 'everyone'
}
