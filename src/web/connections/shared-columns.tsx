import type { Column } from '../design/data-table.tsx'
import { When } from '../design/when.tsx'
import { ActiveBadge } from './active-badge.tsx'

/** Columns that several lists of connection records end with. */
export const activeColumn: Column<{ active: boolean }> = {
  key: 'active',
  title: 'Active',
  sortable: true,
  text: ({ active }) => (active ? 'Active' : 'Inactive'),
  cell: ({ active }) => <ActiveBadge active={active} variant="plain" />,
}

export const updatedColumn: Column<{ updatedAt: string }> = {
  key: 'updatedAt',
  title: 'Updated',
  room: 'medium',
  sortable: true,
  text: ({ updatedAt }) => updatedAt,
  cell: ({ updatedAt }) => <When at={updatedAt} />,
}
