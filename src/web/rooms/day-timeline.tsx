import { Button } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { dayWindow, hourMarks } from './day-grid.ts'
import styles from './day-timeline.module.css'
import type { BuildingDay, RoomDay } from './room-order.ts'
import { RoomRow } from './room-row.tsx'
import { sameClock, timeOf, zoneName } from './wall-time.ts'
import type { Span } from './wish.ts'

/** Rows beyond this wait for a button, so that a building with a thousand rooms opens as fast as one with ten. */
const rowsAtOnce = 30

type DayTimelineProps = BuildingDay & {
  wished: Span
  now: Temporal.Instant
  readerZone: string
  mineIn: (roomId: string) => ReactNode
  onBook: (day: RoomDay, span: Span) => void
}

/** The rooms of one building and their day, on the clock of that building. */
export function DayTimeline({ building, rooms, wished, now, readerZone, mineIn, onBook }: DayTimelineProps) {
  const [shown, setShown] = useState(rowsAtOnce)
  const titleId = useId()
  const window = dayWindow(wished, building.timeZone)
  const minutes = Math.round(wished.from.until(wished.to).total('minutes'))
  const hidden = rooms.length - shown
  return (
    <section className={styles.building} aria-labelledby={titleId}>
      <div className={styles.head}>
        <h2 className={styles.title} id={titleId}>
          {building.name}
        </h2>
        <ZoneNote zone={building.timeZone} readerZone={readerZone} wished={wished} />
      </div>
      <div className={styles.axis} aria-hidden="true">
        <div className={styles.hours}>
          {hourMarks(window).map((mark) => (
            <span key={mark.at.toString()} className={styles.hour} style={{ left: `${mark.left * 100}%` }}>
              {mark.label}
            </span>
          ))}
        </div>
      </div>
      <ul className={styles.rooms}>
        {rooms.slice(0, shown).map((day) => (
          <RoomRow
            key={day.room.id}
            day={day}
            window={window}
            wished={wished}
            now={now}
            minutes={minutes}
            mine={mineIn(day.room.id)}
            onBook={onBook}
          />
        ))}
      </ul>
      {hidden > 0 ? (
        <div className={styles.more}>
          <Button variant="default" onClick={() => setShown(shown + rowsAtOnce)}>
            Show {Math.min(hidden, rowsAtOnce)} more of {hidden}
          </Button>
        </div>
      ) : null}
    </section>
  )
}

/** Only where the building's clock is not the reader's: which clock this is, and what the wished time is on it. */
function ZoneNote({ zone, readerZone, wished }: { zone: string; readerZone: string; wished: Span }) {
  if (sameClock(zone, readerZone, wished.from)) return null
  const there = `${timeOf(wished.from, zone)} there is ${timeOf(wished.from, readerZone)} for you`
  return (
    <span className={styles.zone}>
      {zoneName(zone, wished.from)} · {there}
    </span>
  )
}
