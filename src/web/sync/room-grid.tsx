import { Tooltip } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Health, RoomHealth } from '#sync/health.contract.ts'
import { MeaningIcon } from '../design/meaning.tsx'
import { EmptyState } from '../design/states.tsx'
import { roomLink } from './cause-link.ts'
import styles from './room-grid.module.css'
import { spanWords } from './span-words.ts'
import { roomWords } from './sync-words.ts'

/** Every room as a small square with its word, those that need somebody first; each leads to its cause. */
export function RoomGrid({ rooms: { shown, total } }: { rooms: Health['rooms'] }) {
  if (total === 0) {
    return (
      <EmptyState
        title="No room is watched yet"
        text="A room appears here as soon as its synchronization is activated."
      />
    )
  }
  const groups = Object.groupBy(shown, ({ is }) => groupOf[is])
  const rest = total - shown.length
  return (
    <div className={styles.groups}>
      <Squares title="Need a look" rooms={groups.ill} />
      <Squares title="In step" rooms={groups.well} />
      <Squares title="Not kept in step any more" rooms={groups.resting} />
      {rest > 0 ? <p className={styles.rest}>And {rest} more, none of which needs a look more than these.</p> : null}
    </div>
  )
}

const groupOf: Record<RoomHealth['is'], 'ill' | 'well' | 'resting'> = {
  held: 'ill',
  waiting: 'ill',
  troubled: 'ill',
  late: 'ill',
  drifted: 'ill',
  in_step: 'well',
  stopped: 'resting',
}

function Squares({ title, rooms = [] }: { title: string; rooms?: readonly RoomHealth[] }) {
  if (rooms.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className={styles.title}>
        {title} · {rooms.length}
      </h3>
      <ul className={styles.squares}>
        {rooms.map((room) => (
          <li key={room.id}>
            <Square room={room} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Square({ room }: { room: RoomHealth }) {
  const { meaning, word } = roomWords[room.is]
  return (
    <Tooltip label={tipOf(room)} multiline maw={360}>
      <Link {...roomLink(room)} className={`${styles.square} ${styles[meaning]}`}>
        <span className={styles.name}>{room.name}</span>
        <span className={styles.word}>
          <MeaningIcon meaning={meaning} size={14} />
          {word}
        </span>
      </Link>
    </Tooltip>
  )
}

function tipOf({ say, building, method, behindMs, drift }: RoomHealth): string {
  const how =
    method === 'delta' ? 'Read by its changes' : method === 'windows' ? 'Read in whole windows' : 'Not read yet'
  const parts = [
    building,
    say ?? how,
    behindMs === null ? null : `Unread for ${spanWords(behindMs)}`,
    drift === 0 ? null : `${drift} missed, found and repaired`,
  ]
  return parts.filter((part) => part !== null).join(' · ')
}
