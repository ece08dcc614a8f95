import type { Reservation } from '#reservations/contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { dateOf, dayText, sameClock, spanText, zoneName } from '../rooms/wall-time.ts'

type ReservationFactsProps = { reservation: Reservation; readerZone: string; today: string }

export function ReservationFacts({ reservation, readerZone, today }: ReservationFactsProps) {
  const { room, startsAt, endsAt, timeZone, notes, invitees, isPrivate, inOutlook, requestedFor } = reservation
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
        { label: 'For', value: `${requestedFor.displayName} · ${requestedFor.email}` },
        {
          label: 'People',
          value: invitees.length === 0 ? 'Nobody else' : invitees.map((one) => one.displayName || one.email).join(', '),
        },
        { label: 'Notes', value: notes === '' ? null : <span style={{ whiteSpace: 'pre-wrap' }}>{notes}</span> },
        { label: 'Private', value: isPrivate ? 'Yes: others see only that the room is taken' : null },
        { label: 'Outlook', value: inOutlook ? 'In your calendar' : 'Not in your calendar' },
      ]}
    />
  )
}
