import { Button, Group, VisuallyHidden } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Reservation } from '#reservations/contract.ts'
import { type RowSelection, SelectRow } from '../design/row-selection.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { dateOf, dayText, sameClock, spanText, zoneName } from '../rooms/wall-time.ts'
import type { Outcome } from '../shell/use-bulk.ts'
import styles from './approval-list.module.css'
import { Approvals } from './approvals.tsx'
import type { Verb } from './use-approving.ts'

type ApprovalListProps = {
  reservations: readonly Reservation[]
  today: string
  readerZone: string
  selection: RowSelection<Reservation>
  outcomes: ReadonlyMap<string, Outcome>
  onDecide: (verb: Verb, ids: readonly string[]) => void
}

/** Reservations that wait for an approver: what, where, when, for whom, and both answers. */
export function ApprovalList({ reservations, ...rest }: ApprovalListProps) {
  const order = reservations.map(({ id }) => id)
  return (
    <ul className={styles.list} aria-label="Waiting for approval">
      {reservations.map((reservation) => (
        <Item key={reservation.id} reservation={reservation} order={order} {...rest} />
      ))}
    </ul>
  )
}

type ItemProps = Omit<ApprovalListProps, 'reservations'> & { reservation: Reservation; order: readonly string[] }

function Item({ reservation, order, today, readerZone, selection, outcomes, onDecide }: ItemProps) {
  const { id, subject, room, requestedFor, invitees } = reservation
  const outcome = outcomes.get(id)
  const people = invitees.length === 0 ? '' : `, ${invitees.length + 1} people`
  return (
    <li className={styles.item}>
      <SelectRow selection={selection} order={order} row={reservation} id={id} />
      <div className={styles.what}>
        <Link to="/reservations/$id" params={{ id }} className={styles.subject}>
          {subject}
        </Link>
        <div className={styles.aside}>
          {room.name}, {room.building.name} · {whenWords(reservation, { today, readerZone })}
        </div>
        <div className={styles.aside}>
          For {requestedFor.displayName}
          {people}
        </div>
        <Approvals reservation={reservation} />
        {outcome?.meaning === 'refused' ? (
          <StatusBadge meaning="refused" word={`Not done: ${outcome.say}`} variant="plain" />
        ) : null}
      </div>
      <Group gap="xs" wrap="nowrap" className={styles.actions}>
        <Button variant="default" size="xs" onClick={() => onDecide('reject', [id])}>
          Reject<VisuallyHidden> {subject}</VisuallyHidden>
        </Button>
        <Button size="xs" onClick={() => onDecide('approve', [id])}>
          Approve<VisuallyHidden> {subject}</VisuallyHidden>
        </Button>
      </Group>
    </li>
  )
}

/** The day and the hours by the building's clock, which is named where the reader's is another. */
function whenWords(
  { startsAt, endsAt, timeZone }: Reservation,
  { today, readerZone }: Pick<ApprovalListProps, 'today' | 'readerZone'>,
): string {
  const [from, to] = [Temporal.Instant.from(startsAt), Temporal.Instant.from(endsAt)]
  const day = dateOf(from, timeZone)
  const zone = sameClock(timeZone, readerZone, from) ? '' : ` ${zoneName(timeZone, from, 'short')}`
  return `${day === today ? 'Today' : dayText(day, today)}, ${spanText(from, to, timeZone)}${zone}`
}
