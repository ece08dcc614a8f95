import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type AliasRow, listAliases } from '#connections/alias.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { call } from '../shell/api.ts'
import { ExportButton } from '../shell/export-button.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { NewButton } from './new-button.tsx'
import { useScopeFilter } from './scope-filter.ts'
import { updatedColumn } from './shared-columns.tsx'
import { aliasTypeWords, optionsOf } from './words.ts'

const filterKeys = ['type', 'applicationScopeId']
const typeFilter = { key: 'type', label: 'Type', options: optionsOf(aliasTypeWords) }

const columns: readonly Column<AliasRow>[] = [
  { key: 'name', title: 'Name', sortable: true, text: ({ name }) => name },
  {
    key: 'aliasId',
    title: 'Alias ID',
    sortable: true,
    room: 'medium',
    text: ({ aliasId }) => aliasId,
    cell: ({ aliasId }) => <code>{aliasId}</code>,
  },
  { key: 'type', title: 'Type', sortable: true, text: ({ type }) => aliasTypeWords[type] },
  {
    key: 'parent',
    title: 'Parent alias',
    sortable: true,
    text: ({ parent }) => parent?.name ?? '',
    cell: ({ parent }) => parent?.name ?? '—',
  },
  {
    key: 'applicationScope',
    title: 'Application',
    sortable: true,
    text: ({ applicationScope }) => applicationScope.name,
    room: 'wide',
  },
  { key: 'connections', title: 'Connections', align: 'number', text: ({ connectionCount }) => String(connectionCount) },
  { ...updatedColumn, room: 'wide' },
]

/** All > Connections & Credentials > Connection & Credential Aliases */
export function AliasListPage() {
  const list = useListState(filterKeys)
  const answer = useQuery({ ...asking(listAliases, { query: list.ask }), placeholderData: keepPreviousData })
  const mayMake = useHasRole('connection_admin')
  const scopeFilter = useScopeFilter()
  const fetchPage = (page: object) => call(listAliases, { query: { ...list.ask, ...page } })
  const newButton = mayMake ? <NewButton to="/console/aliases/new" /> : null
  return (
    <Page title="Connection & Credential Aliases" width="wide">
      <PageHeader
        title="Connection & Credential Aliases"
        subtitle="Names that integrations use. Each resolves at run time to an endpoint and a credential."
        actions={
          <>
            <ExportButton fileName="aliases" columns={columns} fetchPage={fetchPage} />
            {newButton}
          </>
        }
      />
      <RecordList
        what="Connection & Credential Aliases"
        columns={columns}
        filters={[typeFilter, scopeFilter]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/aliases/${id}`}
        empty={{
          title: 'No aliases yet',
          text: 'An alias is a name that an integration asks for. It leads to a connection and its credential.',
          action: newButton,
        }}
      />
    </Page>
  )
}
