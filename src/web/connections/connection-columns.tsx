import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ConnectionRow } from '#connections/connection.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { When } from '../design/when.tsx'
import { ActiveBadge } from './active-badge.tsx'
import { InheritedText } from './inherited-text.tsx'

const name: Column<ConnectionRow> = { key: 'name', title: 'Name', sortable: true, text: ({ name }) => name }
const url: Column<ConnectionRow> = {
  key: 'connectionUrl',
  title: 'Connection URL',
  text: ({ connectionUrl }) => connectionUrl.value ?? '',
  cell: ({ connectionUrl }) => <InheritedText effective={connectionUrl} />,
}
const credential: Column<ConnectionRow> = {
  key: 'credential',
  title: 'Credential',
  text: ({ credential }) => credential?.name ?? '',
  cell: ({ credential }) =>
    credential === null ? (
      '—'
    ) : (
      <Anchor component={Link} to={`/console/credentials/${credential.id}`} size="sm">
        {credential.name}
      </Anchor>
    ),
}
const alias: Column<ConnectionRow> = {
  key: 'alias',
  title: 'Connection alias',
  text: ({ alias }) => alias.aliasId,
  cell: ({ alias }) => (
    <Anchor component={Link} to={`/console/aliases/${alias.id}`} size="sm">
      {alias.name}
    </Anchor>
  ),
}
const active: Column<ConnectionRow> = {
  key: 'active',
  title: 'Active',
  sortable: true,
  text: ({ active }) => (active ? 'Active' : 'Inactive'),
  cell: ({ active }) => <ActiveBadge active={active} variant="plain" />,
}
const updated: Column<ConnectionRow> = {
  key: 'updatedAt',
  title: 'Updated',
  sortable: true,
  text: ({ updatedAt }) => updatedAt,
  cell: ({ updatedAt }) => <When at={updatedAt} />,
}

/** The columns of connections: in their own list, on an alias's tab (without the alias), and on a credential's (without the credential). */
export const connectionColumns = {
  list: [name, alias, url, credential, active, updated],
  ofAlias: [name, url, credential, active, updated],
} as const
