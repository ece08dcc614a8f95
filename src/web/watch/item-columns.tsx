import type { CalendarItemRow } from '#watch/item.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'
import { answerWords, decisionText, goneWords, itemStateWords } from './watch-words.ts'

type Row = CalendarItemRow

export const itemColumns: readonly Column<Row>[] = [
  { key: 'subject', title: 'Meeting', text: ({ subject, organizer }) => subject || organizer || 'Without a subject' },
  { key: 'room', title: 'Room', text: ({ room }) => room.name },
  {
    key: 'startsAt',
    title: 'Starts',
    text: ({ startsAt }) => startsAt,
    cell: ({ startsAt }) => <When at={startsAt} variant="absolute" />,
  },
  {
    key: 'answer',
    title: 'The room says',
    room: 'medium',
    text: (row) => answerOf(row),
  },
  {
    key: 'state',
    title: 'State',
    text: ({ state }) => itemStateWords[state].word,
    cell: ({ state }) => <StatusBadge {...itemStateWords[state]} variant="plain" />,
  },
  { key: 'decision', title: 'Decided', room: 'medium', text: (row) => row.error?.say || decisionText(row) },
  { key: 'organizer', title: 'Organizer', room: 'wide', text: ({ organizer }) => organizer ?? '' },
  {
    key: 'changedAt',
    title: 'Changed',
    room: 'wide',
    text: ({ changedAt }) => changedAt,
    cell: ({ changedAt }) => <When at={changedAt} />,
  },
]

export function answerOf({ answer, gone, isMissing }: Pick<Row, 'answer' | 'gone' | 'isMissing'>): string {
  if (gone !== null) return goneWords[gone]
  return isMissing ? 'Missing, being asked for' : answerWords[answer]
}
