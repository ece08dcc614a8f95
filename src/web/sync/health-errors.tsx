import { IconChecks } from '@tabler/icons-react'
import type { Health } from '#sync/health.contract.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { TextLink } from '../design/links.tsx'
import { EmptyState } from '../design/states.tsx'
import { When } from '../design/when.tsx'

type Row = Health['errors'][number]

const columns: readonly Column<Row>[] = [
  {
    key: 'code',
    title: 'Reason',
    text: ({ code }) => code,
    cell: ({ code }) => (
      <TextLink to="/console/sync-events" search={{ state: 'error', since: '24h', errorCode: code }}>
        {code}
      </TextLink>
    ),
  },
  { key: 'say', title: 'What it says', text: ({ say }) => say },
  { key: 'count', title: 'Changes', align: 'number', text: ({ count }) => String(count) },
  { key: 'lastAt', title: 'Last', text: ({ lastAt }) => lastAt, cell: ({ lastAt }) => <When at={lastAt} /> },
]

/** Changes that did not get through and have not since, by reason. */
export function HealthErrors({ errors }: { errors: readonly Row[] }) {
  if (errors.length === 0) {
    return (
      <EmptyState
        icon={<IconChecks size={28} stroke={1.5} aria-hidden="true" />}
        title="Everything got through"
        text="What Microsoft refuses, or what has to be tried again, is counted here by its reason."
      />
    )
  }
  return (
    <DataTable caption="Changes that did not get through" columns={columns} rows={errors} idOf={({ code }) => code} />
  )
}
