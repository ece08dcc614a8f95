import type { Reservation } from '#reservations/contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { dateOf, dayText, sameClock, spanText, zoneName } from '../rooms/wall-time.ts'
import { approvalWords } from './approval-words.ts'
import { Approvals } from './approvals.tsx'
import { outlookWords } from './whose-calendar.ts'

type ReservationFactsProps = { reservation: Reservation; readerZone: string; today: string; readerId: string }

/** What it is: when, where, for whom, with whom, and how far Outlook and those who approve are with it. */
export function ReservationFacts({ reservation, readerZone, today, readerId }: ReservationFactsProps) {
  const { room, startsAt, endsAt, timeZone, notes, invitees, isPrivate, requestedFor } = reservation
  const from = Temporal.Instant.from(startsAt)
  const to = Temporal.Instant.from(endsAt)
  const otherClock = !sameClock(timeZone, readerZone, from)
  const size = `${room.capacity} people${room.floor === null ? '' : `, floor ${room.floor}`}`
  return (
    <KeyValue
      items={[
        { label: 'When', value: `${dayText(dateOf(from, timeZone), today)}, ${spanText(from, to, timeZone)}` },
        {
          label: 'Zone',
          value: otherClock
            ? `${zoneName(timeZone, from)}; ${spanText(from, to, readerZone)} on ${dayText(dateOf(from, readerZone), today)} for you`
            : null,
        },
        { label: 'Room', value: `${room.name}, ${room.building.name} (${size})` },
        { label: 'For', value: `${requestedFor.displayName} · ${requestedFor.email}${outsideWords(reservation)}` },
        {
          label: 'People',
          value: invitees.length === 0 ? 'Nobody else' : invitees.map((one) => one.displayName || one.email).join(', '),
        },
        { label: 'Notes', value: notes === '' ? null : <span style={{ whiteSpace: 'pre-wrap' }}>{notes}</span> },
        { label: 'Private', value: isPrivate ? 'Yes: others see only that the room is taken' : null },
        { label: 'Outlook', value: outlookWords(reservation, readerId) },
        {
          label: 'Approval',
          value: approvalWords(reservation).length === 0 ? null : <Approvals reservation={reservation} />,
        },
      ]}
    />
  )
}

/** Somebody whom nobody here knows organises the meeting. */
function outsideWords({ requestedFor }: Reservation): string {
  return requestedFor.id === null ? ', from outside' : ''
}
