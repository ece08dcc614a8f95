import { Button, Group } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listUsers, type UserRow } from '#people/contract.ts'
import type { Column } from '../../design/data-table.tsx'
import type { Filter } from '../../design/filter-chip.tsx'
import { Page, PageHeader } from '../../design/page.tsx'
import { RecordList } from '../../design/record-list.tsx'
import { StatusBadge } from '../../design/status-badge.tsx'
import { When } from '../../design/when.tsx'
import { call } from '../../shell/api.ts'
import { ExportButton } from '../../shell/export-button.tsx'
import { listAnswer } from '../../shell/list-answer.ts'
import { useListState } from '../../shell/list-state.ts'
import { asking } from '../../shell/queries.ts'
import { EditUserDialog } from './edit-user-dialog.tsx'
import { NewServiceAccountDialog } from './new-service-account-dialog.tsx'
import { UserTokensDialog } from './user-tokens-dialog.tsx'

const signsInWith: Record<UserRow['kind'], string> = {
  microsoft: 'Microsoft',
  local: 'Password',
  service: 'API token',
}

const filterKeys: readonly string[] = ['kind']
const kindFilter: Filter = {
  key: 'kind',
  label: 'Signs in with',
  options: Object.entries(signsInWith).map(([value, label]) => ({ value, label })),
}

const columns: readonly Column<UserRow>[] = [
  { key: 'displayName', title: 'Name', sortable: true, text: ({ displayName }) => displayName },
  { key: 'email', title: 'E-mail', sortable: true, text: ({ email }) => email },
  {
    key: 'roles',
    title: 'Roles',
    text: ({ roles }) => roles.join(' '),
    cell: ({ roles }) => roles.join(', ') || '—',
  },
  {
    key: 'kind',
    title: 'Signs in with',
    room: 'medium',
    text: ({ kind }) => signsInWith[kind],
  },
  {
    key: 'lastSignInAt',
    title: 'Last sign-in',
    room: 'medium',
    sortable: true,
    text: ({ lastSignInAt }) => lastSignInAt ?? '',
    cell: ({ lastSignInAt }) => (lastSignInAt === null ? 'Never' : <When at={lastSignInAt} />),
  },
  {
    key: 'active',
    title: 'Active',
    sortable: true,
    room: 'medium',
    text: ({ active }) => (active ? 'Active' : 'Deactivated'),
    cell: ({ active }) => (
      <StatusBadge meaning={active ? 'good' : 'neutral'} word={active ? 'Active' : 'Deactivated'} variant="plain" />
    ),
  },
]

/** People > Users: everybody who has ever signed in, and what each may do. */
export function UserListPage() {
  const list = useListState(filterKeys, 'displayName')
  const answer = useQuery({ ...asking(listUsers, { query: list.ask }), placeholderData: keepPreviousData })
  const [edited, setEdited] = useState<UserRow | null>(null)
  const [tokensOf, setTokensOf] = useState<UserRow | null>(null)
  const [adding, setAdding] = useState(false)
  const edit: Column<UserRow> = {
    key: 'edit',
    title: 'Edit',
    text: () => '',
    cell: (user) => (
      <Group gap={4} wrap="nowrap">
        <RowButton label="Edit" of={user} onClick={() => setEdited(user)} />
        <RowButton label="API tokens" of={user} onClick={() => setTokensOf(user)} />
      </Group>
    ),
  }
  return (
    <Page title="Users" width="wide">
      <PageHeader
        title="Users"
        subtitle="Everybody who has signed in, and the service accounts of programs. People come here by signing in with Microsoft; roles are given here."
        actions={
          <>
            <ExportButton
              fileName="users"
              columns={columns}
              fetchPage={(page) => call(listUsers, { query: { ...list.ask, ...page } })}
            />
            <Button onClick={() => setAdding(true)}>New service account</Button>
          </>
        }
      />
      <RecordList
        what="Users"
        columns={[...columns, edit]}
        filters={[kindFilter]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        empty={{ title: 'Nobody yet', text: 'People appear here when they sign in for the first time.' }}
      />
      {edited === null ? null : <EditUserDialog key={edited.id} user={edited} onClose={() => setEdited(null)} />}
      {tokensOf === null ? null : (
        <UserTokensDialog key={tokensOf.id} user={tokensOf} onClose={() => setTokensOf(null)} />
      )}
      {adding ? (
        <NewServiceAccountDialog
          onClose={() => setAdding(false)}
          onCreated={(account) => {
            setAdding(false)
            setTokensOf(account)
          }}
        />
      ) : null}
    </Page>
  )
}

function RowButton({ label, of, onClick }: { label: string; of: UserRow; onClick: () => void }) {
  return (
    <Button variant="subtle" size="compact-xs" aria-label={`${label}: ${of.displayName}`} onClick={onClick}>
      {label}
    </Button>
  )
}
