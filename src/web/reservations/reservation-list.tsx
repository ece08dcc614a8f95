import { Button, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Reservation } from '#reservations/contract.ts'
import { dayText, sameClock, spanText, zoneName } from '../rooms/wall-time.ts'
import { ReservationBadge } from './reservation-badge.tsx'
import styles from './reservation-list.module.css'
import type { ReservationDay } from './reservations-by-day.ts'

type ReservationListProps = {
  days: readonly ReservationDay[]
  today: string
  readerZone: string
  /** Undefined where nothing can be cancelled any more. */
  onCancel?: (reservation: Reservation) => void
}

/** Reservations day by day: when, what, where, its state, and a quick way to cancel. */
export function ReservationList({ days, today, readerZone, onCancel }: ReservationListProps) {
  return days.map(({ date, reservations }) => (
    <section key={date}>
      <h2 className={styles.day}>{date === today ? 'Today' : dayText(date, today)}</h2>
      <ul className={styles.list}>
        {reservations.map((reservation) => (
          <Item key={reservation.id} reservation={reservation} readerZone={readerZone} onCancel={onCancel} />
        ))}
      </ul>
    </section>
  ))
}

type ItemProps = Pick<ReservationListProps, 'readerZone' | 'onCancel'> & { reservation: Reservation }

function Item({ reservation, readerZone, onCancel }: ItemProps) {
  const { id, subject, room, startsAt, endsAt, timeZone, mayChange, source, changesAreProposed } = reservation
  const from = Temporal.Instant.from(startsAt)
  const otherClock = !sameClock(timeZone, readerZone, from)
  return (
    <li className={styles.item}>
      <div className={styles.time}>
        {spanText(from, Temporal.Instant.from(endsAt), timeZone)}
        {otherClock ? <div className={styles.zone}>{zoneName(timeZone, from, 'short')}</div> : null}
      </div>
      <div className={styles.what}>
        <Link to="/reservations/$id" params={{ id }} className={styles.subject}>
          {subject}
        </Link>
        <div className={styles.where}>
          {room.name}, {room.building.name}
          {source === 'outlook' ? ' · made in Outlook' : null}
        </div>
      </div>
      <div className={styles.state}>
        <ReservationBadge reservation={reservation} />
      </div>
      <div className={styles.action}>
        {onCancel && mayChange ? (
          <Button
            variant="subtle"
            color={changesAreProposed === null ? 'red' : undefined}
            size="xs"
            onClick={() => onCancel(reservation)}
          >
            {changesAreProposed === null ? 'Cancel' : 'Propose to cancel'}
            <VisuallyHidden> {subject}</VisuallyHidden>
          </Button>
        ) : null}
      </div>
    </li>
  )
}
