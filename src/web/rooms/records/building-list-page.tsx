import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type BuildingRecord, listBuildingRecords } from '#rooms/room-record.contract.ts'
import { NewButton } from '../../connections/new-button.tsx'
import type { Column } from '../../design/data-table.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { RecordList } from '../../design/record-list.tsx'
import { listAnswer } from '../../shell/list-answer.ts'
import { useListState } from '../../shell/list-state.ts'
import { asking, useHasRole } from '../../shell/queries.ts'

const columns: readonly Column<BuildingRecord>[] = [
  { key: 'name', title: 'Name', sortable: true, text: ({ name }) => name },
  { key: 'city', title: 'City', sortable: true, text: ({ city }) => city },
  { key: 'timeZone', title: 'Time zone', sortable: true, text: ({ timeZone }) => timeZone },
  { key: 'rooms', title: 'Rooms', align: 'number', text: ({ roomCount }) => String(roomCount) },
]
const filterKeys: readonly string[] = []

/** All > Rooms > Buildings */
export function BuildingListPage() {
  const list = useListState(filterKeys)
  const answer = useQuery({ ...asking(listBuildingRecords, { query: list.ask }), placeholderData: keepPreviousData })
  const newButton = useHasRole('rsvsync_admin') ? <NewButton to="/console/buildings/new" /> : null
  return (
    <Page title="Buildings" width="wide">
      <PageHeader
        title="Buildings"
        subtitle="Where rooms are. A building gives its rooms their time zone."
        actions={newButton}
      />
      <RecordList
        what="Buildings"
        columns={columns}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/buildings/${id}`}
        empty={{
          title: 'No buildings yet',
          text: 'Every room is in a building. Add the first one.',
          action: newButton,
        }}
      />
    </Page>
  )
}
