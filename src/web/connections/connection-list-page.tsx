import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listConnections } from '#connections/connection.contract.ts'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { call } from '../shell/api.ts'
import { ExportButton } from '../shell/export-button.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { connectionColumns } from './connection-columns.tsx'
import { NewButton } from './new-button.tsx'
import { useScopeFilter } from './scope-filter.ts'
import { activeFilter } from './words.ts'

const filterKeys = ['active', 'applicationScopeId']
const columns = connectionColumns.list

/** All > Connections & Credentials > Connections */
export function ConnectionListPage() {
  const list = useListState(filterKeys)
  const answer = useQuery({ ...asking(listConnections, { query: list.ask }), placeholderData: keepPreviousData })
  const mayMake = useHasRole('connection_admin')
  const scopeFilter = useScopeFilter()
  const fetchPage = (page: object) => call(listConnections, { query: { ...list.ask, ...page } })
  const newButton = mayMake ? <NewButton to="/console/connections/new" /> : null
  return (
    <Page title="Connections" width="wide">
      <PageHeader
        title="Connections"
        subtitle="HTTP(S) connections: where an alias leads, and with which credential."
        actions={
          <>
            <ExportButton fileName="connections" columns={columns} fetchPage={fetchPage} />
            {newButton}
          </>
        }
      />
      <RecordList
        what="Connections"
        columns={columns}
        filters={[activeFilter, scopeFilter]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/connections/${id}`}
        empty={{
          title: 'No connections yet',
          text: 'A connection gives an alias its address and its credential.',
          action: newButton,
        }}
      />
    </Page>
  )
}
