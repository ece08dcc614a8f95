import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listRetryPolicies, type RetryPolicyRow } from '#connections/retry-policy.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import { NewButton } from './new-button.tsx'
import { updatedColumn } from './shared-columns.tsx'
import { retryStrategyWords } from './words.ts'

const columns: readonly Column<RetryPolicyRow>[] = [
  { key: 'name', title: 'Name', sortable: true, text: ({ name }) => name },
  { key: 'strategy', title: 'Waits', sortable: true, text: ({ strategy }) => retryStrategyWords[strategy] },
  {
    key: 'attemptsMax',
    title: 'Tries',
    sortable: true,
    align: 'number',
    text: ({ attemptsMax }) => String(attemptsMax),
  },
  {
    key: 'isDefault',
    title: 'Default',
    text: ({ isDefault }) => (isDefault ? 'Default' : ''),
    cell: ({ isDefault }) => (isDefault ? <StatusBadge meaning="good" word="Default" variant="plain" /> : null),
  },
  { key: 'aliases', title: 'Aliases', align: 'number', text: ({ aliasCount }) => String(aliasCount) },
  updatedColumn,
]

/** All > Connections & Credentials > Retry policies */
export function RetryPolicyListPage() {
  const list = useListState([])
  const answer = useQuery({ ...asking(listRetryPolicies, { query: list.ask }), placeholderData: keepPreviousData })
  const newButton = useHasRole('connection_admin') ? <NewButton to="/console/retry-policies/new" /> : null
  return (
    <Page title="Retry policies" width="wide">
      <PageHeader
        title="Retry policies"
        subtitle="When and how often a call is made again. An alias names one, or follows its parent, or the default."
        actions={newButton}
      />
      <RecordList
        what="Retry policies"
        columns={columns}
        filters={[]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/retry-policies/${id}`}
        empty={{
          title: 'No retry policies',
          text: 'Without one, every call is made once.',
          action: newButton,
        }}
      />
    </Page>
  )
}
