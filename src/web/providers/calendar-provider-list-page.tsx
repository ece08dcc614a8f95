import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type CalendarProviderRow, listCalendarProviders } from '#providers/calendar-provider.contract.ts'
import { NewButton } from '../connections/new-button.tsx'
import { activeColumn, updatedColumn } from '../connections/shared-columns.tsx'
import { activeFilter } from '../connections/words.ts'
import type { Column } from '../design/data-table.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { ActingBadge } from './acting-badge.tsx'
import { modeWords } from './words.ts'

const filterKeys = ['active']

const columns: readonly Column<CalendarProviderRow>[] = [
  { key: 'name', title: 'Name', sortable: true, text: ({ name }) => name },
  {
    key: 'mode',
    title: 'Mode',
    text: ({ mode, ownMode }) => `${modeWords[mode]}${ownMode === null ? ', as the property says' : ''}`,
  },
  {
    key: 'acting',
    title: 'Acts for the system',
    text: ({ acting }) => acting.identity ?? acting.say,
    cell: ({ acting }) => <ActingBadge acting={acting} />,
  },
  {
    key: 'delegatedUserEmail',
    title: 'Delegated user',
    room: 'wide',
    text: ({ delegatedUserEmail }) => delegatedUserEmail ?? '—',
  },
  {
    key: 'rooms',
    title: 'Active rooms',
    align: 'number',
    text: ({ activeRoomCount, roomCount }) => `${activeRoomCount} of ${roomCount}`,
  },
  activeColumn,
  updatedColumn,
]

/** All > Workplace Calendar Synchronization > Calendar providers */
export function CalendarProviderListPage() {
  const list = useListState(filterKeys)
  const answer = useQuery({ ...asking(listCalendarProviders, { query: list.ask }), placeholderData: keepPreviousData })
  const newButton = useHasRole('rsvsync_admin') ? <NewButton to="/console/calendar-providers/new" /> : null
  return (
    <Page title="Calendar providers" width="wide">
      <PageHeader
        title="Calendar providers"
        subtitle="Where the calendars of rooms are, and with whose permission they are kept in step. Several may point to Exchange Online, one for each delegated user."
        actions={newButton}
      />
      <RecordList
        what="Calendar providers"
        columns={columns}
        filters={[activeFilter]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/calendar-providers/${id}`}
        empty={{
          title: 'No calendar provider yet',
          text: 'A calendar provider says with whose permission rooms are kept in step with Exchange Online.',
          action: newButton,
        }}
      />
    </Page>
  )
}
