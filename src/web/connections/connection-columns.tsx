import type { ConnectionRow } from '#connections/connection.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { TextLink } from '../design/links.tsx'
import { InheritedText } from './inherited-text.tsx'
import { activeColumn, updatedColumn } from './shared-columns.tsx'

const name: Column<ConnectionRow> = { key: 'name', title: 'Name', sortable: true, text: ({ name }) => name }
const url: Column<ConnectionRow> = {
  key: 'connectionUrl',
  title: 'Connection URL',
  sortable: true,
  text: ({ connectionUrl }) => connectionUrl.value ?? '',
  cell: ({ connectionUrl }) => <InheritedText effective={connectionUrl} />,
}
const credential: Column<ConnectionRow> = {
  key: 'credential',
  title: 'Credential',
  sortable: true,
  text: ({ credential }) => credential?.name ?? '',
  cell: ({ credential }) =>
    credential === null ? (
      '—'
    ) : (
      <TextLink to="/console/credentials/$id" params={{ id: credential.id }}>
        {credential.name}
      </TextLink>
    ),
}
const alias: Column<ConnectionRow> = {
  key: 'alias',
  title: 'Connection alias',
  sortable: true,
  text: ({ alias }) => alias.aliasId,
  cell: ({ alias }) => (
    <TextLink to="/console/aliases/$id" params={{ id: alias.id }}>
      {alias.name}
    </TextLink>
  ),
}

/** The columns of connections: in their own list, on an alias's tab (without the alias), and on a credential's (without the credential). */
export const connectionColumns = {
  list: [name, alias, { ...url, room: 'medium' }, credential, activeColumn, updatedColumn],
  ofAlias: [name, url, credential, activeColumn, updatedColumn],
} as const
