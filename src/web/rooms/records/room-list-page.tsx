import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listBuildings } from '#rooms/contract.ts'
import { listRoomRecords, type RoomRecord } from '#rooms/room-record.contract.ts'
import { ActiveBadge } from '../../connections/active-badge.tsx'
import { NewButton } from '../../connections/new-button.tsx'
import { activeFilter } from '../../connections/words.ts'
import type { Column } from '../../design/data-table.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { RecordList } from '../../design/record-list.tsx'
import { call } from '../../shell/api.ts'
import { ExportButton } from '../../shell/export-button.tsx'
import { listAnswer } from '../../shell/list-answer.ts'
import { useListState } from '../../shell/list-state.ts'
import { asking, useHasRole } from '../../shell/queries.ts'
import { approvalWords } from './approval-words.ts'

const filterKeys = ['active', 'buildingId']

const columns: readonly Column<RoomRecord>[] = [
  { key: 'name', title: 'Name', sortable: true, text: ({ name }) => name },
  { key: 'mailbox', title: 'Mailbox', sortable: true, room: 'wide', text: ({ mailbox }) => mailbox },
  { key: 'building', title: 'Building', sortable: true, text: ({ building }) => building.name },
  { key: 'floor', title: 'Floor', align: 'number', room: 'medium', text: ({ floor }) => String(floor ?? '—') },
  { key: 'capacity', title: 'People', align: 'number', sortable: true, text: ({ capacity }) => String(capacity) },
  { key: 'equipment', title: 'Equipment', room: 'wide', text: ({ equipment }) => equipment.join(', ') || '—' },
  { key: 'approval', title: 'Approval', room: 'medium', text: approvalWords },
  {
    key: 'active',
    title: 'Active',
    sortable: true,
    text: ({ active }) => (active ? 'Active' : 'Inactive'),
    cell: ({ active }) => <ActiveBadge active={active} variant="plain" />,
  },
]

/** All > Rooms > Rooms */
export function RoomListPage() {
  const list = useListState(filterKeys)
  const answer = useQuery({ ...asking(listRoomRecords, { query: list.ask }), placeholderData: keepPreviousData })
  const buildings = useQuery(asking(listBuildings)).data?.buildings ?? []
  const options = buildings.map(({ id, name }) => ({ value: id, label: name }))
  const newButton = useHasRole('rsvsync_admin') ? <NewButton to="/console/rooms/new" /> : null
  const fetchPage = (page: object) => call(listRoomRecords, { query: { ...list.ask, ...page } })
  return (
    <Page title="Rooms" width="wide">
      <PageHeader
        title="Rooms"
        subtitle="What people can reserve. Each room is known by its mailbox at Exchange."
        actions={
          <>
            <ExportButton fileName="rooms" columns={columns} fetchPage={fetchPage} />
            {newButton}
          </>
        }
      />
      <RecordList
        what="Rooms"
        columns={columns}
        filters={[activeFilter, { key: 'buildingId', label: 'Building', options }]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/rooms/${id}`}
        empty={{
          title: 'No rooms yet',
          text: 'Add the building first, then each room with the address of its mailbox.',
          action: newButton,
        }}
      />
    </Page>
  )
}
