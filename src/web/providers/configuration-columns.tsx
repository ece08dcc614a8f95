import type { SyncConfiguration } from '#providers/sync-configuration.contract.ts'
import type { Column } from '../design/data-table.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { watchStateWords } from './words.ts'

type Row = SyncConfiguration

const room: Column<Row> = { key: 'room', title: 'Room', sortable: true, text: (row) => row.room.name }
const mailbox: Column<Row> = { key: 'mailbox', title: 'E-mail', room: 'wide', text: (row) => row.room.mailbox }
const building: Column<Row> = {
  key: 'building',
  title: 'Building',
  sortable: true,
  room: 'medium',
  text: (row) => row.room.building.name,
}
const provider: Column<Row> = {
  key: 'provider',
  title: 'Provider',
  sortable: true,
  room: 'medium',
  text: (row) => row.provider.name,
}
const active: Column<Row> = {
  key: 'active',
  title: 'State',
  sortable: true,
  text: (row) => stateOf(row).word,
  cell: (row) => <ConfigurationBadge configuration={row} variant="plain" />,
}
const watch: Column<Row> = {
  key: 'watch',
  title: 'Calendar',
  text: ({ watch: facts }) => (facts === null ? '—' : `${watchStateWords[facts.state].word} ${facts.say ?? ''}`),
  cell: ({ watch: facts }) =>
    facts === null ? (
      '—'
    ) : (
      <span title={facts.say ?? undefined}>
        <StatusBadge {...watchStateWords[facts.state]} variant="plain" />
      </span>
    ),
}

/** The columns of sync configurations, in their own list and in the list of a provider. */
export const configurationColumns = {
  list: [room, mailbox, building, provider, active, watch],
  ofProvider: [room, mailbox, building, active, watch],
} as const

/** In one word: is this room kept in step? */
export function ConfigurationBadge({
  configuration,
  variant = 'pill',
}: {
  configuration: SyncConfiguration
  variant?: 'pill' | 'plain'
}) {
  return <StatusBadge {...stateOf(configuration)} variant={variant} />
}

function stateOf({ active: isActive, keptInStep, noRequest }: Row) {
  if (!isActive) return { meaning: 'neutral', word: 'Inactive' } as const
  if (!keptInStep) return { meaning: 'refused', word: 'Provider inactive' } as const
  return noRequest
    ? ({ meaning: 'attention', word: 'Active, no request' } as const)
    : ({ meaning: 'good', word: 'Active' } as const)
}
