import type { WatchSubscription } from '#watch/subscription.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'
import { subscriptionWord } from './watch-words.ts'

type Row = WatchSubscription

export const subscriptionColumns: readonly Column<Row>[] = [
  { key: 'mailbox', title: 'Mailbox', sortable: true, text: ({ mailbox }) => mailbox },
  { key: 'room', title: 'Room', room: 'medium', text: ({ room }) => room?.name ?? 'The delegated mailbox' },
  {
    key: 'state',
    title: 'State',
    sortable: true,
    text: (row) => subscriptionWord(row).word,
    cell: (row) => <StatusBadge {...subscriptionWord(row)} variant="plain" />,
  },
  at('lastNotificationAt', 'Last told', { otherwise: 'Nothing yet', room: undefined }),
  at('expiresAt', 'Ends', { otherwise: '—', room: 'medium' }),
  at('renewAt', 'Renewed next', { otherwise: '—', room: 'medium' }),
  { key: 'refused', title: 'Refused', align: 'number', room: 'wide', text: ({ refused }) => String(refused) },
  { key: 'say', title: 'What it says', room: 'wide', text: ({ say }) => say },
]

type Moment = 'lastNotificationAt' | 'expiresAt' | 'renewAt'

function at(
  key: Moment,
  title: string,
  { otherwise, room }: { otherwise: string; room: 'medium' | undefined },
): Column<Row> {
  return {
    key,
    title,
    sortable: true,
    ...(room === undefined ? {} : { room }),
    text: (row) => row[key] ?? '',
    cell: (row) => (row[key] === null ? otherwise : <When at={row[key]} />),
  }
}
