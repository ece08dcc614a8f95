import type { VaultKey } from '#vault/contract.ts'
import type { Column } from '../design/data-table.tsx'
import type { Meaning } from '../design/meaning.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'

export function keyColumns(processes: number): readonly Column<VaultKey>[] {
  return [
    { key: 'id', title: 'Key', text: ({ id }) => String(id) },
    {
      key: 'state',
      title: 'State',
      text: ({ state }) => stateWords[state].word,
      cell: ({ state }) => <StatusBadge {...stateWords[state]} variant="plain" />,
    },
    { key: 'values', title: 'Seals', text: ({ values }) => String(values) },
    {
      key: 'knownTo',
      title: 'Known to',
      room: 'medium',
      text: ({ knownTo, state }) => (state === 'destroyed' ? '' : `${knownTo} of ${processes} running`),
    },
    {
      key: 'createdAt',
      title: 'Made',
      room: 'medium',
      text: ({ createdAt }) => createdAt,
      cell: ({ createdAt }) => <When at={createdAt} />,
    },
    {
      key: 'rewrappedAt',
      title: 'Empty since',
      room: 'wide',
      text: ({ rewrappedAt }) => rewrappedAt ?? '',
      cell: ({ rewrappedAt }) => (rewrappedAt === null ? '' : <When at={rewrappedAt} />),
    },
  ]
}

const stateWords: Record<VaultKey['state'], { meaning: Meaning; word: string }> = {
  pending: { meaning: 'waiting', word: 'Being distributed' },
  primary: { meaning: 'good', word: 'In use' },
  decrypt_only: { meaning: 'neutral', word: 'Opens older values' },
  destroyed: { meaning: 'neutral', word: 'Destroyed' },
}
