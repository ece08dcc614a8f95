import type { Health, Lag } from '#sync/health.contract.ts'
import { FigureTable } from '../design/figure-table.tsx'
import { spanWords } from './span-words.ts'

/** Both ways, of the last hour and of the last day. */
export function LagTable({ lag: { inbound, outbound } }: { lag: Health['lag'] }) {
  return (
    <FigureTable
      caption="How long changes take"
      titles={['Half within', '95 %', '99 %', 'Changes']}
      rows={[
        row('Outlook to here, last hour', inbound.hour),
        row('Outlook to here, 24 hours', inbound.day),
        row('Here to Outlook, last hour', outbound.hour),
        row('Here to Outlook, 24 hours', outbound.day),
      ]}
    />
  )
}

function row(label: string, { p50Ms, p95Ms, p99Ms, count }: Lag) {
  return { label, figures: [spanWords(p50Ms), spanWords(p95Ms), spanWords(p99Ms), String(count)] }
}
