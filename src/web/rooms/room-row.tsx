import { Button, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { StatusBadge } from '../design/status-badge.tsx'
import type { DayWindow } from './day-grid.ts'
import { freeUntil, offeredSpan, type RoomDay } from './room-order.ts'
import styles from './room-row.module.css'
import { RoomTrack } from './room-track.tsx'
import { spanText, timeOf } from './wall-time.ts'
import type { Span } from './wish.ts'

type RoomRowProps = {
  day: RoomDay
  window: DayWindow
  wished: Span
  now: Temporal.Instant
  minutes: number
  /** The reader's own reservations of this room on this day, with their live state. */
  mine: ReactNode
  onBook: (day: RoomDay, span: Span) => void
}

/** One room: what it is, whether it is free then, its day as a strip, and a button that needs no strip. */
export function RoomRow({ day, window, wished, now, minutes, mine, onBook }: RoomRowProps) {
  const { room } = day
  const zone = room.building.timeZone
  const offered = offeredSpan(day, wished, now)
  const asWished = offered === wished
  return (
    <li className={styles.row}>
      <div className={styles.name}>
        <h3 className={styles.title}>{room.name}</h3>
        <div className={styles.facts}>
          <span>{room.capacity === 1 ? '1 person' : `${room.capacity} people`}</span>
          {room.floor === null ? null : <span>floor {room.floor}</span>}
          {room.equipment.length > 0 ? <span>{room.equipment.join(', ')}</span> : null}
        </div>
        <div className={styles.state}>
          <StatusBadge variant="plain" {...stateOf(day, wished)} />
          {room.needsApproval ? <StatusBadge variant="plain" meaning="attention" word="Needs approval" /> : null}
          {mine}
        </div>
        <VisuallyHidden>{dayInWords(day, window)}</VisuallyHidden>
      </div>
      <div className={styles.track}>
        <RoomTrack
          day={day}
          window={window}
          wished={wished}
          now={now}
          minutes={minutes}
          onChoose={(span) => onBook(day, span)}
        />
      </div>
      <div className={styles.action}>
        {offered === null ? null : (
          <Button
            variant={asWished ? 'filled' : 'default'}
            onClick={() => onBook(day, offered)}
            aria-label={`Book ${room.name}, ${spanText(offered.from, offered.to, zone)}`}
          >
            {asWished ? 'Book' : `Book ${timeOf(offered.from, zone)}`}
          </Button>
        )}
      </div>
    </li>
  )
}

function stateOf(day: RoomDay, wished: Span) {
  const zone = day.room.building.timeZone
  if (!day.free) {
    const mine = day.busy.some((taken) => taken.mine && overlaps(taken, wished))
    return { meaning: 'neutral', word: mine ? 'Yours then' : 'Taken then' } as const
  }
  const until = freeUntil(day, wished)
  return { meaning: 'good', word: until ? `Free until ${timeOf(until, zone)}` : 'Free' } as const
}

function overlaps(taken: { from: string; to: string }, { from, to }: Span): boolean {
  return Date.parse(taken.from) < to.epochMilliseconds && Date.parse(taken.to) > from.epochMilliseconds
}

function dayInWords(day: RoomDay, window: DayWindow): string {
  if (day.busy.length === 0) return 'Free all day.'
  const spans = day.busy.map(({ from, to }) =>
    spanText(Temporal.Instant.from(from), Temporal.Instant.from(to), window.timeZone),
  )
  return `Taken ${spans.join(', ')}.`
}
