import type { Health } from '#sync/health.contract.ts'
import { type Column, DataTable } from '../design/data-table.tsx'

type Row = Health['days'][number]

const columns: readonly Column<Row>[] = [
  { key: 'day', title: 'Day', text: ({ day }) => dayWords(day) },
  { key: 'changes', title: 'Changes to Outlook', align: 'number', text: ({ changes }) => String(changes) },
  { key: 'errors', title: 'Not through', align: 'number', text: ({ errors }) => String(errors) },
  {
    key: 'notifications',
    title: 'Notifications from Outlook',
    align: 'number',
    text: ({ notifications }) => String(notifications),
  },
]

/** How much went either way, day by day, the latest first. */
export function HealthDays({ days }: { days: readonly Row[] }) {
  return <DataTable caption="Day by day" columns={columns} rows={days.toReversed()} idOf={({ day }) => day} />
}

function dayWords(day: string): string {
  return Temporal.PlainDate.from(day).toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })
}
