import type { SyncEvent } from '#sync/sync-event.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'
import type { Outcome } from '../shell/use-bulk.ts'
import { actionWords, eventMeaning, eventWord } from './sync-words.ts'

export const syncEventColumns: readonly Column<SyncEvent>[] = [
  { key: 'subject', title: 'Reservation', text: ({ reservation }) => reservation.subject },
  { key: 'room', title: 'Room', text: ({ room }) => room.name },
  { key: 'action', title: 'Action', text: ({ action }) => actionWords[action] },
  {
    key: 'state',
    title: 'State',
    text: eventWord,
    cell: (event) => <StatusBadge meaning={eventMeaning(event)} word={eventWord(event)} variant="plain" />,
  },
  { key: 'identity', title: 'With the permission of', room: 'medium', text: ({ identity }) => identity ?? '' },
  { key: 'mailbox', title: 'In the calendar of', room: 'wide', text: ({ mailbox }) => mailbox ?? '' },
  { key: 'attempts', title: 'Attempts', room: 'wide', align: 'number', text: ({ attempts }) => String(attempts) },
  { key: 'say', title: 'What it says', room: 'wide', text: ({ say }) => say },
  {
    key: 'createdAt',
    title: 'Made',
    room: 'medium',
    text: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <When at={createdAt} />,
  },
]

/** What came of re-processing, beside each row that was chosen. */
export function outcomeColumn(outcomes: ReadonlyMap<string, Outcome>): Column<SyncEvent> {
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
