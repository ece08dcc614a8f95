import type { RoomAnswer } from '#reservations/outside.ts'
import type { RoomView } from '#watch/room-view.ts'

export type Guest = { email: string; displayName: string }

/** The organizer's event, as it was just read. */
export type OrganizerSeen = {
  startsAt: Date
  endsAt: Date
  subject: string
  isPrivate: boolean
  /** People invited besides the organizer and whoever the meeting is for. */
  invitees: readonly Guest[]
  /** What Exchange has tallied for our room; `removed`: it is not invited any more. */
  answer: RoomAnswer | 'removed'
  modifiedAt: Date | null
  etag: string
}

/** The room's own copy. */
export type RoomSeen = {
  startsAt: Date
  endsAt: Date
  view: RoomView
}

/**
 * A meeting as Outlook has it now. The organizer's event is the truth where it can be read; the room's copy follows it by mail and is
 * all that can be read of other people's meetings. Null: not read, which says nothing.
 */
export type Seen = {
  organizer: OrganizerSeen | 'gone' | null
  room: RoomSeen | 'deleted' | 'cancelled' | null
}

/** What the room's copy says as an answer; a meeting that the room itself organises needs none. */
export function answerIn({ answer }: RoomView): RoomAnswer {
  return answer === 'organizer' ? 'accepted' : answer
}

/**
 * The subject that a room's copy has kept, or null: rooms replace it by the organizer's name, or put that in front of it, when they
 * answer (Set-CalendarProcessing, DeleteSubject and AddOrganizerToSubject). Before that it may yet vanish.
 */
export function subjectInCopy({ subject, answer, organizer }: RoomView): string | null {
  if (answer === 'none' || subject === '') return null
  const name = organizer?.name ?? ''
  if (subject === name) return null
  return name !== '' && subject.startsWith(`${name} `) ? subject.slice(name.length + 1) : subject
}
