import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type CredentialRow, listCredentials } from '#connections/credential.contract.ts'
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
import { activeFilter, credentialTypeWords, integrationTypeWords, optionsOf, tokenStateWords } from './words.ts'

const filterKeys = ['type', 'integrationType', 'active', 'applicationScopeId']
const typeFilter = { key: 'type', label: 'Type', options: optionsOf(credentialTypeWords) }
const integrationFilter = {
  key: 'integrationType',
  label: 'Integration type',
  options: optionsOf(integrationTypeWords),
}

const columns: readonly Column<CredentialRow>[] = [
  { key: 'name', title: 'Name', sortable: true, text: ({ name }) => name },
  { key: 'type', title: 'Type', sortable: true, text: ({ type }) => credentialTypeWords[type] },
  {
    key: 'integrationType',
    title: 'Integration type',
    sortable: true,
    room: 'medium',
    text: ({ type, integrationType }) => (type === 'oauth2' ? integrationTypeWords[integrationType] : ''),
    cell: ({ type, integrationType }) => (type === 'oauth2' ? integrationTypeWords[integrationType] : '—'),
  },
  {
    key: 'oauthEntityProfile',
    title: 'OAuth Entity Profile',
    sortable: true,
    text: ({ oauthEntityProfile }) => oauthEntityProfile?.name ?? '',
    cell: ({ oauthEntityProfile }) => oauthEntityProfile?.name ?? '—',
  },
  {
    key: 'tokenState',
    title: 'State',
    sortable: true,
    text: ({ tokenState }) => tokenStateWords[tokenState].word,
    cell: ({ tokenState }) => <StatusBadge {...tokenStateWords[tokenState]} variant="plain" />,
  },
  {
    key: 'tokenAccount',
    title: 'Account',
    sortable: true,
    room: 'medium',
    text: ({ tokenAccount }) => tokenAccount ?? '',
    cell: ({ tokenAccount }) => tokenAccount ?? '—',
  },
  { ...activeColumn, room: 'medium' },
  updatedColumn,
]

/** All > Connections & Credentials > Credentials */
export function CredentialListPage() {
  const list = useListState(filterKeys)
  const answer = useQuery({ ...asking(listCredentials, { query: list.ask }), placeholderData: keepPreviousData })
  const mayMake = useHasRole('credential_admin')
  const scopeFilter = useScopeFilter()
  const fetchPage = (page: object) => call(listCredentials, { query: { ...list.ask, ...page } })
  const newButton = mayMake ? <NewButton to="/console/credentials/new" /> : null
  return (
    <Page title="Credentials" width="wide">
      <PageHeader
        title="Credentials"
        subtitle="How calls say who makes them. With OAuth 2.0 a System one holds one token, and a Personal one a token for each person; the other types hold a value that goes with every call."
        actions={
          <>
            <ExportButton fileName="credentials" columns={columns} fetchPage={fetchPage} />
            {newButton}
          </>
        }
      />
      <RecordList
        what="Credentials"
        columns={columns}
        filters={[typeFilter, integrationFilter, activeFilter, scopeFilter]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/credentials/${id}`}
        empty={{
          title: 'No credentials yet',
          text: 'A credential says who makes the calls of a connection.',
          action: newButton,
        }}
      />
    </Page>
  )
}
