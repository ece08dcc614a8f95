import type { CalendarItemRecord } from '#watch/item.contract.ts'
import { CopyText } from '../design/copy-text.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { TextLink } from '../design/links.tsx'
import { When } from '../design/when.tsx'
import { answerOf } from './item-columns.tsx'
import { decisionText } from './watch-words.ts'

/** When it is, what the room says, what was decided and when; and the ids that find it elsewhere. */
export function ItemFacts({ item }: { item: CalendarItemRecord }) {
  const { room, organizer, startsAt, endsAt, changedAt, plannedAt, dueAt, goneAt, firstSeenAt, seenAt } = item
  return (
    <KeyValue
      items={[
        {
          label: 'Room',
          value: (
            <TextLink to="/console/watched-rooms/$id" params={{ id: room.id }}>
              {room.name}
            </TextLink>
          ),
        },
        { label: 'Organizer', value: organizer },
        { label: 'Starts', value: <When at={startsAt} variant="absolute" /> },
        { label: 'Ends', value: <When at={endsAt} variant="absolute" /> },
        { label: 'The room says', value: answerOf(item) },
        { label: 'Decided', value: decisionText(item) },
        { label: 'Compared', value: plannedAt === null ? 'Not yet' : <When at={plannedAt} /> },
        { label: 'Compared next', value: dueAt === null ? null : <When at={dueAt} /> },
        { label: 'Attempts', value: item.planAttempts === 0 ? null : String(item.planAttempts) },
        { label: 'Gone since', value: goneAt === null ? null : <When at={goneAt} variant="absolute" /> },
        { label: 'First read', value: <When at={firstSeenAt} variant="absolute" /> },
        { label: 'Changed', value: <When at={changedAt} variant="absolute" /> },
        { label: 'Last read anew', value: <When at={seenAt} variant="absolute" /> },
        { label: 'iCalUId', value: <CopyText text={item.iCalUId} what="iCalUId" /> },
        { label: 'Event', value: <CopyText text={item.eventId} what="event id" /> },
        { label: 'Version', value: <code>{item.etag}</code> },
      ]}
    />
  )
}
