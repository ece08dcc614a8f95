import type { SyncEvent } from '#sync/sync-event.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'
import type { Outcome } from '../shell/use-bulk.ts'
import { actionWords, eventMeaning, eventWord, shortEventWord } from './sync-words.ts'

export const syncEventColumns: readonly Column<SyncEvent>[] = [
  { key: 'subject', title: 'Reservation', text: ({ reservation }) => reservation.subject },
  { key: 'room', title: 'Room', text: ({ room }) => room.name },
  { key: 'action', title: 'Action', text: ({ action }) => actionWords[action] },
  {
    key: 'state',
    title: 'State',
    text: eventWord,
    cell: (event) => <StatusBadge meaning={eventMeaning(event)} word={shortEventWord(event)} variant="plain" />,
  },
  { key: 'identity', title: 'With the permission of', room: 'medium', text: ({ identity }) => identity ?? '' },
  { key: 'say', title: 'What it says', room: 'wide', text: ({ say }) => say },
  {
    key: 'createdAt',
    title: 'Made',
    room: 'medium',
    text: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <When at={createdAt} />,
  },
]

/** A file has room for what the table leaves to the record's own page. */
export const exportedColumns: readonly Column<SyncEvent>[] = [
  { key: 'seq', title: 'Number', text: ({ seq }) => seq },
  ...syncEventColumns,
  { key: 'mailbox', title: 'In the calendar of', text: ({ mailbox }) => mailbox ?? '' },
  { key: 'attempts', title: 'Attempts', text: ({ attempts }) => String(attempts) },
  { key: 'errorCode', title: 'Reason', text: ({ errorCode }) => errorCode ?? '' },
  { key: 'reservationId', title: 'Reservation id', text: ({ reservation }) => reservation.id },
]

/** The columns with what came of re-processing beside each row that was chosen; as they are while nothing has. */
export function columnsWith(outcomes: ReadonlyMap<string, Outcome>): readonly Column<SyncEvent>[] {
  if (outcomes.size === 0) return syncEventColumns
  const [subject, ...rest] = syncEventColumns
  return subject === undefined ? rest : [subject, outcomeColumn(outcomes), ...rest]
}

function outcomeColumn(outcomes: ReadonlyMap<string, Outcome>): Column<SyncEvent> {
  return {
    key: 'outcome',
    title: 'Re-processed',
    text: ({ seq }) => outcomes.get(seq)?.say ?? '',
    cell: ({ seq }) => {
      const outcome = outcomes.get(seq)
      return outcome ? <StatusBadge meaning={outcome.meaning} word={outcome.say} variant="plain" /> : null
    },
  }
}
