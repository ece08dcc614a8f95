import type { CSSProperties } from 'react'
import { type Block, blockIn, type DayWindow, hourMarks, share } from './day-grid.ts'
import { busySpans, type RoomDay } from './room-order.ts'
import styles from './room-track.module.css'
import { useSpanSelection } from './use-span-selection.ts'
import { spanText } from './wall-time.ts'
import type { Span } from './wish.ts'

type RoomTrackProps = {
  day: RoomDay
  window: DayWindow
  wished: Span
  now: Temporal.Instant
  minutes: number
  onChoose: (span: Span) => void
}

/**
 * A room's day as a strip: what is taken, the wished time, and gaps that can be tapped or dragged over. A shortcut for the eye
 * and the pointer only: the row says the same in words and has a button, so this is hidden from screen readers.
 */
export function RoomTrack({ day, window, wished, now, minutes, onChoose }: RoomTrackProps) {
  const spans = busySpans(day)
  const { selection, handlers } = useSpanSelection({ window, busy: spans, notBefore: now, minutes }, onChoose)
  const hours = { '--hours': hourMarks(window).length } as CSSProperties
  return (
    <div className={styles.track} style={hours} aria-hidden="true" data-room={day.room.name} {...handlers}>
      <div className={styles.past} style={{ width: percent(share(window, now)) }} />
      {blocks(window, wished, styles.wish)}
      {day.busy.map((taken, index) => {
        const block = spans[index] && blockIn(window, spans[index])
        return block ? (
          <div
            key={taken.from + taken.to}
            className={`${styles.taken} ${taken.mine ? styles.mine : styles.busy}`}
            style={placed(block)}
          >
            <span className={styles.label}>{taken.label}</span>
          </div>
        ) : null
      })}
      {selection ? (
        <div className={styles.selection} style={placed(blockIn(window, selection))}>
          {spanText(selection.from, selection.to, window.timeZone)}
        </div>
      ) : null}
    </div>
  )
}

function blocks(window: DayWindow, span: Span, className: string | undefined) {
  const block = blockIn(window, span)
  return block ? <div className={className} style={placed(block)} /> : null
}

function placed(block: Block | null): CSSProperties {
  return block ? { left: percent(block.left), width: percent(block.width) } : { display: 'none' }
}

function percent(part: number): string {
  return `${(part * 100).toFixed(3)}%`
}
