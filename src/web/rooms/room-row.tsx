import { Button, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { StatusBadge } from '../design/status-badge.tsx'
import type { DayWindow } from './day-grid.ts'
import { freeUntil, isTheirs, offeredSpan, type RoomDay, takenAround } from './room-order.ts'
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
  const state = stateOf(day, wished)
  return (
    <li className={styles.row}>
      <div className={styles.name}>
        <h3 className={styles.title}>{room.name}</h3>
        <div className={styles.state}>
          {state === null ? null : <StatusBadge variant="plain" {...state} />}
          {room.needsApproval ? <StatusBadge variant="plain" meaning="attention" word="Needs approval" /> : null}
          {mine}
        </div>
        <div className={styles.facts}>{factsOf(day)}</div>
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
            aria-label={nameOf(room.name, spanText(offered.from, offered.to, zone), asWished)}
          >
            {asWished ? 'Book' : `Book ${timeOf(offered.from, zone)}`}
          </Button>
        )}
      </div>
    </li>
  )
}

/** The name of a button begins with the words on it, for people who speak to their computer. */
function nameOf(room: string, span: string, asWished: boolean): string {
  return asWished ? `Book ${room}, ${span}` : `Book ${span}, ${room}`
}

function factsOf({ room }: RoomDay): string {
  const size = room.capacity === 1 ? '1 person' : `${room.capacity} people`
  const floor = room.floor === null ? '' : `floor ${room.floor}`
  return [size, floor, room.equipment.join(', ')].filter(Boolean).join(' · ')
}

/** Null where the reader's own reservation already says it. */
function stateOf(day: RoomDay, wished: Span) {
  const zone = day.room.building.timeZone
  if (!day.free) {
    if (isTheirs(day, wished)) return null
    const taken = takenAround(day, wished)
    const starts = Temporal.Instant.compare(taken.from, wished.from) > 0
    const word = starts ? `Taken from ${timeOf(taken.from, zone)}` : `Taken until ${timeOf(taken.to, zone)}`
    return { meaning: 'neutral', word } as const
  }
  const until = freeUntil(day, wished)
  return { meaning: 'good', word: until ? `Free until ${timeOf(until, zone)}` : 'Free' } as const
}

function dayInWords(day: RoomDay, window: DayWindow): string {
  if (day.busy.length === 0) return 'Free all day.'
  const spans = day.busy.map(({ from, to }) =>
    spanText(Temporal.Instant.from(from), Temporal.Instant.from(to), window.timeZone),
  )
  return `Taken ${spans.join(', ')}.`
}
