import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listOAuthApps, type OAuthAppRow } from '#connections/oauth-app.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { call } from '../shell/api.ts'
import { ExportButton } from '../shell/export-button.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { NewButton } from './new-button.tsx'
import { useScopeFilter } from './scope-filter.ts'
import { activeColumn, updatedColumn } from './shared-columns.tsx'
import { activeFilter, grantTypeWords } from './words.ts'

const filterKeys = ['active', 'applicationScopeId']

const columns: readonly Column<OAuthAppRow>[] = [
  { key: 'name', title: 'Name', sortable: true, text: ({ name }) => name },
  {
    key: 'clientId',
    title: 'Client ID',
    sortable: true,
    room: 'medium',
    text: ({ clientId }) => clientId,
    cell: ({ clientId }) =>
      clientId === '' ? <StatusBadge meaning="attention" word="Missing" variant="plain" /> : <code>{clientId}</code>,
  },
  {
    key: 'clientSecret',
    title: 'Client Secret',
    text: ({ hasClientSecret }) => (hasClientSecret ? 'Stored' : 'Missing'),
    cell: ({ hasClientSecret }) => (
      <StatusBadge
        meaning={hasClientSecret ? 'good' : 'attention'}
        word={hasClientSecret ? 'Stored' : 'Missing'}
        variant="plain"
      />
    ),
  },
  {
    key: 'defaultGrantType',
    title: 'Default Grant type',
    sortable: true,
    text: ({ defaultGrantType }) => grantTypeWords[defaultGrantType],
  },
  { key: 'profiles', title: 'Profiles', align: 'number', text: ({ profileCount }) => String(profileCount) },
  activeColumn,
  updatedColumn,
]

/** All > System OAuth > Application Registry */
export function OAuthAppListPage() {
  const list = useListState(filterKeys)
  const answer = useQuery({ ...asking(listOAuthApps, { query: list.ask }), placeholderData: keepPreviousData })
  const mayMake = useHasRole('oauth_admin')
  const scopeFilter = useScopeFilter()
  const fetchPage = (page: object) => call(listOAuthApps, { query: { ...list.ask, ...page } })
  const newButton = mayMake ? <NewButton to="/console/oauth-apps/new" /> : null
  return (
    <Page title="Application Registry" width="wide">
      <PageHeader
        title="Application Registry"
        subtitle="Third-party OAuth providers: the apps that Anteroom is registered as."
        actions={
          <>
            <ExportButton fileName="application-registry" columns={columns} fetchPage={fetchPage} />
            {newButton}
          </>
        }
      />
      <RecordList
        what="Application Registry"
        columns={columns}
        filters={[activeFilter, scopeFilter]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/oauth-apps/${id}`}
        empty={{
          title: 'No applications registered yet',
          text: 'Register Anteroom with the provider, then enter its client ID and secret here.',
          action: newButton,
        }}
      />
    </Page>
  )
}
