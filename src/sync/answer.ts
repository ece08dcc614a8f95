import type { GraphEvent } from '#graph/event.ts'

/** What the organizer's event says about the room. `room_removed`: somebody took the room out of the meeting in Outlook. */
export type RoomAnswer = 'accepted' | 'declined' | 'tentative' | 'silent' | 'room_removed' | 'event_cancelled'

/** Reads the room's answer in the organizer's copy, where Exchange tallies it. */
export function roomAnswer(event: GraphEvent, roomMailbox: string): RoomAnswer {
  if (event.isCancelled) return 'event_cancelled'
  const room = event.attendees.find(
    ({ emailAddress }) => emailAddress.address?.toLowerCase() === roomMailbox.toLowerCase(),
  )
  if (!room) return 'room_removed'
  switch (room.status?.response) {
    case 'accepted':
      return 'accepted'
    case 'declined':
      return 'declined'
    case 'tentativelyAccepted':
      return 'tentative'
    default:
      return 'silent'
  }
}
