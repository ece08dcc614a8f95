import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ChangeNotification, countedMax, listChangeNotifications } from '#watch/notification.contract.ts'
import type { Column } from '../design/data-table.tsx'
import type { Filter } from '../design/filter-chip.tsx'
import { LinkButton } from '../design/links.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking } from '../shell/queries.ts'
import { spanWords } from '../sync/span-words.ts'
import { roomChip } from './room-chip.ts'
import { kindWord } from './watch-words.ts'

const filterKeys = ['isHandled', 'roomId']
const handledFilter: Filter = {
  key: 'isHandled',
  label: 'State',
  options: [
    { value: 'false', label: 'Waiting' },
    { value: 'true', label: 'Handled' },
  ],
}

const columns: readonly Column<ChangeNotification>[] = [
  {
    key: 'receivedAt',
    title: 'Received',
    text: ({ receivedAt }) => receivedAt,
    cell: ({ receivedAt }) => <When at={receivedAt} />,
  },
  { key: 'kind', title: 'What', text: ({ kind }) => kindWord(kind) },
  { key: 'room', title: 'Room', text: ({ room }) => room?.name ?? 'The delegated mailbox' },
  { key: 'mailbox', title: 'Mailbox', room: 'medium', text: ({ mailbox }) => mailbox },
  {
    key: 'state',
    title: 'State',
    text: ({ handledAt }) => (handledAt === null ? 'Waiting' : 'Handled'),
    cell: ({ handledAt }) =>
      handledAt === null ? (
        <StatusBadge meaning="waiting" word="Waiting" variant="plain" />
      ) : (
        <StatusBadge meaning="good" word="Handled" variant="plain" />
      ),
  },
  { key: 'tookMs', title: 'After', align: 'number', room: 'medium', text: ({ tookMs }) => spanWords(tookMs) },
  { key: 'eventId', title: 'Event', room: 'wide', text: ({ eventId }) => shortened(eventId) },
]

/** All > Workplace Calendar Synchronization > Notifications */
export function NotificationListPage() {
  const list = useListState(filterKeys, '')
  const { sort: _, ...query } = list.ask
  const answer = useQuery({
    ...asking(listChangeNotifications, { query }),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  })
  return (
    <Page title="Notifications" width="wide">
      <PageHeader
        title="Notifications"
        subtitle="What Microsoft told in the last two days. A notification only says where to look; nothing in it is taken for true."
      />
      <RecordList
        what="Notifications"
        columns={columns}
        filters={[handledFilter, ...roomChip(list.filters, answer.data?.rows ?? [])]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ seq }) => seq}
        empty={{
          title: 'Nothing was told in the last two days',
          text: 'As soon as something changes in a calendar that is subscribed to, Microsoft tells of it within seconds. Rooms without a subscription are read without being told.',
          action: <LinkButton to="/console/subscriptions">Subscriptions</LinkButton>,
        }}
      />
      {answer.data?.totalIsAtLeast ? <p role="note">More than {countedMax} match.</p> : null}
    </Page>
  )
}

/** Ids of events are long, and differ at their end. */
function shortened(id: string | null): string {
  if (id === null) return ''
  return id.length > 24 ? `…${id.slice(-20)}` : id
}
