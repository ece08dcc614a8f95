import type { SyncEventRecord } from '#sync/sync-event.contract.ts'
import { CopyText } from '../design/copy-text.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { TextLink } from '../design/links.tsx'
import { When } from '../design/when.tsx'
import { dateOf, dayText, spanText } from '../rooms/wall-time.ts'
import { actsAsWords, sourceWords } from './sync-words.ts'

/** Whose change it was, with whose permission it was made in whose calendar, and when. */
export function EventFacts({ event }: { event: SyncEventRecord }) {
  const { reservation, room, mailbox, attempts, requestId, errorCode, errorSay, say } = event
  const { createdAt, processedAt, nextAttemptAt, provider } = event
  return (
    <KeyValue
      items={[
        { label: 'In short', value: say },
        { label: 'What happened', value: errorSay !== null && errorSay !== say ? errorSay : null },
        {
          label: 'Reservation',
          value: (
            <>
              <TextLink to="/reservations/$id" params={{ id: reservation.id }}>
                {reservation.subject}
              </TextLink>
              , {room.name}, {timeOf(reservation)}
            </>
          ),
        },
        { label: 'Whose change', value: whoseWords(event) },
        { label: 'In the calendar of', value: mailbox },
        { label: 'With', value: permissionOf(event) },
        { label: 'Calendar provider', value: provider === null ? null : provider.name },
        { label: 'Made', value: <When at={createdAt} variant="absolute" /> },
        { label: 'Processed', value: processedAt === null ? null : <When at={processedAt} variant="absolute" /> },
        { label: 'Attempts', value: String(attempts) },
        {
          label: 'Next attempt',
          value: nextAttemptAt === null ? null : <When at={nextAttemptAt} variant="absolute" />,
        },
        { label: 'Reason', value: errorCode === null ? null : <code>{errorCode}</code> },
        { label: 'Graph request', value: requestId === null ? null : <CopyText text={requestId} what="request id" /> },
      ]}
    />
  )
}

function permissionOf({ identity, actsAs }: SyncEventRecord): string | null {
  if (identity === null) return null
  return actsAs === null ? identity : `${identity} (${actsAsWords[actsAs]})`
}

function whoseWords({ askedBy, source }: SyncEventRecord): string {
  const from = source === null ? '' : `, from ${sourceWords[source]}`
  return askedBy === null ? 'Anteroom’s own' : `${askedBy}${from}`
}

function timeOf({ startsAt, endsAt, timeZone }: SyncEventRecord['reservation']): string {
  const [from, to] = [Temporal.Instant.from(startsAt), Temporal.Instant.from(endsAt)]
  const day = dateOf(from, timeZone)
  return `${dayText(day, day)}, ${spanText(from, to, timeZone)}`
}
