import type { EventItem, RoomPolicy } from '../model.ts'

/** Why a room says no. The mail that would explain it is not kept; the reason is for the reader of a test. */
export type DeclineReason =
  | 'conflict'
  | 'tooFarAhead'
  | 'tooLong'
  | 'recurring'
  | 'reserved'
  | 'inThePast'
  | 'organizerNotAllowed'

export type RoomAnswer =
  | { is: 'accepted' }
  | { is: 'declined'; because: DeclineReason }
  /** Tentative until a delegate answers. */
  | { is: 'pending' }
  /** On the calendar as tentative, nobody asked: `AutoUpdate`. */
  | { is: 'unprocessed' }

export type RoomRequest = {
  meeting: Pick<EventItem, 'iCalUId' | 'startsAt' | 'endsAt' | 'recurrence'>
  /** Addresses and ids by which the policy may name the organizer. */
  organizer: string[]
  /** What else is on the room's calendar. */
  calendar: EventItem[]
  now: string
}

const dayMs = 86_400_000

/**
 * What the booking attendant answers (Set-CalendarProcessing). In order: not bookable, rules of the calendar, then who
 * may have it. A request that breaks a rule can still go to a delegate where the out-of-policy settings say so;
 * a conflict cannot.
 */
export function answerFor(policy: RoomPolicy, request: RoomRequest): RoomAnswer {
  if (policy.automateProcessing !== 'AutoAccept') return { is: 'unprocessed' }
  if (policy.bookingType === 'Reserved') return { is: 'declined', because: 'reserved' }
  if (!policy.allowConflicts && hasConflict(request)) return { is: 'declined', because: 'conflict' }
  const broken = brokenRule(policy, request)
  if (broken === null) return inPolicyAnswer(policy, request)
  const mayAsk = policy.allRequestOutOfPolicy || isListed(policy.requestOutOfPolicy, request.organizer)
  return mayAsk ? { is: 'pending' } : { is: 'declined', because: broken }
}

/** The room's copy once the attendant has run: the organizer's name for a subject, no body, no private flag. */
export function strippedForRoom(item: EventItem, policy: RoomPolicy): EventItem {
  return {
    ...item,
    subject: subjectForRoom(item, policy),
    body: policy.deleteComments ? { contentType: 'html', content: '' } : item.body,
    sensitivity: policy.removePrivateProperty ? 'normal' : item.sensitivity,
  }
}

/** The attendant runs again on every update, so a name that is already in front stays single. */
function subjectForRoom({ subject, organizer }: EventItem, policy: RoomPolicy): string {
  if (!policy.addOrganizerToSubject) return policy.deleteSubject ? '' : subject
  if (policy.deleteSubject || subject === organizer.name) return organizer.name
  return subject.startsWith(`${organizer.name} `) ? subject : `${organizer.name} ${subject}`.trim()
}

function inPolicyAnswer(policy: RoomPolicy, request: RoomRequest): RoomAnswer {
  if (policy.allBookInPolicy || isListed(policy.bookInPolicy, request.organizer)) return { is: 'accepted' }
  if (policy.allRequestInPolicy || isListed(policy.requestInPolicy, request.organizer)) return { is: 'pending' }
  return { is: 'declined', because: 'organizerNotAllowed' }
}

function brokenRule(policy: RoomPolicy, { meeting, now }: RoomRequest): DeclineReason | null {
  const startsAt = Date.parse(meeting.startsAt)
  const minutes = (Date.parse(meeting.endsAt) - startsAt) / 60_000
  if (Date.parse(meeting.endsAt) <= Date.parse(now)) return 'inThePast'
  if (startsAt > Date.parse(now) + policy.bookingWindowInDays * dayMs) return 'tooFarAhead'
  if (policy.maximumDurationInMinutes > 0 && minutes > policy.maximumDurationInMinutes) return 'tooLong'
  if (meeting.recurrence !== null && !policy.allowRecurringMeetings) return 'recurring'
  return null
}

/** Only what the room has accepted, or organizes itself, stands in the way; a pending request does not. */
function hasConflict({ meeting, calendar }: RoomRequest): boolean {
  return calendar.some(
    (other) =>
      other.iCalUId !== meeting.iCalUId &&
      !other.isCancelled &&
      other.deletedAt === null &&
      (other.isOrganizer ? other.showAs !== 'free' : other.responseStatus.response === 'accepted') &&
      other.startsAt < meeting.endsAt &&
      meeting.startsAt < other.endsAt,
  )
}

function isListed(list: string[], names: string[]): boolean {
  const wanted = new Set(names.map((name) => name.toLowerCase()))
  return list.some((name) => wanted.has(name.toLowerCase()))
}
