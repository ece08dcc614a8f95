import { VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Reservation } from '#reservations/contract.ts'
import { spanText } from '../rooms/wall-time.ts'
import { ReservationBadge } from './reservation-badge.tsx'
import styles from './reservation-link.module.css'

/** One of the reader's reservations in a room's row: its live state, and the way to its page. */
export function ReservationLink({ reservation }: { reservation: Reservation }) {
  const { id, startsAt, endsAt, timeZone, subject } = reservation
  const span = spanText(Temporal.Instant.from(startsAt), Temporal.Instant.from(endsAt), timeZone)
  return (
    <Link to="/reservations/$id" params={{ id }} className={styles.link}>
      <ReservationBadge reservation={reservation} /> {span} <VisuallyHidden>{subject}</VisuallyHidden>
    </Link>
  )
}
