import { Tooltip } from '@mantine/core'
import type { HistoryEntry } from '#reservations/contract.ts'
import { MeaningIcon } from '../design/meaning.tsx'
import { historyMeaning, historyWay } from './history-words.ts'
import styles from './reservation-history.module.css'

type ReservationHistoryProps = { history: readonly HistoryEntry[]; timeZone: string }

/** What happened to a reservation, newest first: a sentence, whose permission was used, and a fold for who has to look deeper. */
export function ReservationHistory({ history, timeZone }: ReservationHistoryProps) {
  return (
    <ol className={styles.list} aria-label="What happened, newest first">
      {history.map((entry) => (
        <li key={entry.id} className={styles.item}>
          <span className={styles.icon}>
            <MeaningIcon meaning={historyMeaning(entry.kind)} size={20} />
          </span>
          <div className={styles.words}>
            <div className={styles.sentence}>{entry.sentence}</div>
            <Aside entry={entry} />
            <Fold entry={entry} />
          </div>
          <Moment at={entry.at} timeZone={timeZone} />
        </li>
      ))}
    </ol>
  )
}

/** Which way it went, and whose permission was used. */
function Aside({ entry: { kind, identity } }: { entry: HistoryEntry }) {
  const permission = identity === null ? null : `with the permission of ${identity}`
  const parts = [historyWay(kind), permission].filter((part) => part !== null)
  return parts.length === 0 ? null : <div className={styles.aside}>{parts.join(' · ')}</div>
}

function Fold({ entry: { requestId, details, kind } }: { entry: HistoryEntry }) {
  const hasDetails = Object.keys(details).length > 0
  if (requestId === null && !hasDetails) return null
  return (
    <details className={styles.fold}>
      <summary>{requestId === null ? 'Details' : `Request ${requestId.slice(0, 8)}…`}</summary>
      <pre>
        {requestId === null ? '' : `request-id ${requestId}\n`}
        {`kind ${kind}`}
        {hasDetails ? `\n${JSON.stringify(details, null, 2)}` : ''}
      </pre>
    </details>
  )
}

/** To the second: the timeline is where seconds are proven. */
function Moment({ at, timeZone }: { at: string; timeZone: string }) {
  const instant = Temporal.Instant.from(at)
  const shown = instant.toZonedDateTimeISO(timeZone).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: undefined,
  })
  return (
    <Tooltip label={`${instant.toString({ smallestUnit: 'millisecond' })} (UTC)`}>
      <time className={styles.time} dateTime={at}>
        {shown}
      </time>
    </Tooltip>
  )
}
