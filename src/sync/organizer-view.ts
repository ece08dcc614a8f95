import { type GraphEvent, instantOf } from '#graph/event.ts'
import type { RoomAnswer } from '#reservations/outside.ts'
import type { OrganizerSeen } from './seen.ts'

/** Addresses that are no guests of the meeting: rooms are left out by their type, this tells of the others. */
type IsPartOf = (address: string) => boolean

/** The organizer's event in our words; `gone` when it was cancelled. */
export function organizerView(event: GraphEvent, roomMailbox: string, isPartOf: IsPartOf): OrganizerSeen | 'gone' {
  if (event.isCancelled) return 'gone'
  const people = event.attendees.filter(({ type }) => type !== 'resource')
  return {
    startsAt: instantOf(event.start),
    endsAt: instantOf(event.end),
    subject: event.subject ?? '',
    isPrivate: event.sensitivity === 'private' || event.sensitivity === 'confidential',
    invitees: people.flatMap(({ emailAddress: { address, name } }) =>
      !address || isPartOf(address) ? [] : [{ email: address, displayName: name ?? '' }],
    ),
    answer: roomAnswer(event, roomMailbox),
    modifiedAt: event.lastModifiedDateTime ? new Date(event.lastModifiedDateTime) : null,
    etag: event['@odata.etag'],
  }
}

/** What Exchange has tallied for the room; `removed` when it is not invited. */
function roomAnswer(event: GraphEvent, roomMailbox: string): RoomAnswer | 'removed' {
  const room = event.attendees.find(
    ({ emailAddress }) => emailAddress.address?.toLowerCase() === roomMailbox.toLowerCase(),
  )
  if (!room) return 'removed'
  switch (room.status?.response) {
    case 'accepted':
    case 'declined':
      return room.status.response
    case 'tentativelyAccepted':
      return 'tentative'
    default:
      return 'none'
  }
}
