import type { Health } from '#sync/health.contract.ts'
import { FigureTable } from '../design/figure-table.tsx'

/** How much went either way, day by day, the latest first. */
export function HealthDays({ days }: { days: Health['days'] }) {
  return (
    <FigureTable
      caption="Day by day"
      titles={['Changes to Outlook', 'Not through', 'Notifications']}
      rows={days.toReversed().map(({ day, changes, errors, notifications }) => ({
        label: dayWords(day),
        figures: [changes, errors, notifications].map(String),
      }))}
    />
  )
}

function dayWords(day: string): string {
  return Temporal.PlainDate.from(day).toLocaleString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })
}
