import { createHash } from 'node:crypto'
import type { EventDraft } from '#graph/event.ts'
import type { Mark } from '#graph/events.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import { bodyWithNotes } from './notes-block.ts'

/** Marks an event as ours for as long as it lives. The guid is Anteroom's own property set and never changes. */
const markId = 'String {6f1c0f5e-8a43-4c6b-9d0e-3b5f6f0a7c21} Name AnteroomReservation'

export function markOf(reservationId: string): Mark {
  return { id: markId, value: reservationId }
}

/**
 * The event that a reservation stands for. The room is invited as a `resource`, which is what reserves it; naming it as the
 * location only shows it (graph-user-post-events). Where one mailbox organises for everybody, whoever the meeting is for is invited too.
 */
export function eventDraft(whole: WholeReservation): EventDraft {
  const { row, room } = whole
  return {
    subject: row.subject,
    body: { contentType: 'html', content: bodyWithNotes(row.notes) },
    start: wallTime(row.starts_at, row.time_zone),
    end: wallTime(row.ends_at, row.time_zone),
    location: { displayName: room.name, locationEmailAddress: room.mailbox, locationType: 'conferenceRoom' },
    attendees: attendeesOf(whole),
    sensitivity: row.is_private ? 'private' : 'normal',
    transactionId: transactionIdOf(row.id, row.generation),
    singleValueExtendedProperties: [markOf(row.id)],
  }
}

function attendeesOf(whole: WholeReservation): EventDraft['attendees'] {
  const { row, room, requestedFor } = whole
  const host = row.sync_mailbox === 'other' ? [requestedFor] : []
  const people = [...host, ...guestsOf(whole)]
  return [
    { emailAddress: { address: room.mailbox, name: room.name }, type: 'resource' },
    ...people.map(({ email, displayName }) => ({
      emailAddress: { address: email, name: displayName || email },
      type: 'required' as const,
    })),
  ]
}

/** Addresses that are in the meeting without being guests: the room, and whoever the meeting is for, also when they invite themselves. */
export function isPartOf(
  { room, requestedFor }: Pick<WholeReservation, 'room' | 'requestedFor'>,
  address: string,
): boolean {
  return isSame(address, room.mailbox) || isSame(address, requestedFor.email)
}

/** Who is invited besides those. */
export function guestsOf(whole: WholeReservation): WholeReservation['invitees'] {
  return whole.invitees.filter(({ email }) => !isPartOf(whole, email))
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** The same for every attempt, another for every generation: a UUID of version 8 (RFC 9562 section 5.8) from SHA-256. */
export function transactionIdOf(reservationId: string, generation: number): string {
  const digest = createHash('sha256').update(`anteroom reservation ${reservationId} ${generation}`).digest()
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6)
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = digest.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

/**
 * Wall time and zone of the building. In the hour that clocks repeat in autumn a wall time means two instants; there the
 * second one is only told apart in UTC.
 */
export function wallTime(instant: Date, timeZone: string): { dateTime: string; timeZone: string } {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone)
  const wall = zoned.toPlainDateTime()
  const isFirst = wall.toZonedDateTime(timeZone).epochMilliseconds === instant.getTime()
  return isFirst
    ? { dateTime: wall.toString({ smallestUnit: 'second' }), timeZone }
    : { dateTime: instant.toISOString().slice(0, 19), timeZone: 'UTC' }
}
