import type { WatchedRoom } from '#watch/contract.ts'
import type { Column } from '../design/data-table.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'
import { methodWords, roomSay, roomWord } from './watch-words.ts'

export const roomColumns: readonly Column<WatchedRoom>[] = [
  { key: 'room', title: 'Room', sortable: true, text: ({ room }) => room.name },
  {
    key: 'state',
    title: 'State',
    sortable: true,
    text: (row) => roomWord(row).word,
    cell: (row) => <StatusBadge {...roomWord(row)} variant="plain" />,
  },
  {
    key: 'method',
    title: 'How',
    room: 'medium',
    text: ({ method }) => (method === null ? '' : methodWords[method]),
    cell: ({ method }) => (method === null ? '—' : methodWords[method]),
  },
  { key: 'identity', title: 'With the permission of', room: 'wide', text: ({ identity }) => identity ?? '' },
  {
    key: 'readAt',
    title: 'Read',
    sortable: true,
    text: ({ readAt }) => readAt ?? '',
    cell: ({ readAt }) => (readAt === null ? '—' : <When at={readAt} />),
  },
  {
    key: 'notifiedAt',
    title: 'Told by Microsoft',
    room: 'wide',
    text: ({ notified }) => notified?.at ?? '',
    cell: ({ notified }) => <Told notified={notified} />,
  },
  {
    key: 'drift',
    title: 'Missed',
    sortable: true,
    align: 'number',
    room: 'medium',
    text: ({ driftFound }) => String(driftFound),
  },
  { key: 'say', title: 'What it says', room: 'wide', text: roomSay },
]

function Told({ notified }: Pick<WatchedRoom, 'notified'>) {
  if (notified === null) return 'Never asked'
  return notified.at === null ? 'Nothing yet' : <When at={notified.at} />
}
