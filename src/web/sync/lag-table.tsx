import type { Health, Lag } from '#sync/health.contract.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { spanWords } from './span-words.ts'

type Row = { way: string; span: string; lag: Lag }

const columns: readonly Column<Row>[] = [
  { key: 'way', title: 'Way', text: ({ way, span }) => `${way}, ${span}` },
  { key: 'p50', title: 'Half within', align: 'number', text: ({ lag }) => spanWords(lag.p50Ms) },
  { key: 'p95', title: '95 % within', align: 'number', text: ({ lag }) => spanWords(lag.p95Ms) },
  { key: 'p99', title: '99 % within', align: 'number', text: ({ lag }) => spanWords(lag.p99Ms) },
  { key: 'count', title: 'Changes', align: 'number', text: ({ lag }) => String(lag.count) },
]

/** Both ways, of the last hour and of the last day. */
export function LagTable({ lag: { inbound, outbound } }: { lag: Health['lag'] }) {
  const rows: Row[] = [
    { way: 'Outlook to here', span: 'last hour', lag: inbound.hour },
    { way: 'Outlook to here', span: '24 hours', lag: inbound.day },
    { way: 'Here to Outlook', span: 'last hour', lag: outbound.hour },
    { way: 'Here to Outlook', span: '24 hours', lag: outbound.day },
  ]
  return (
    <DataTable
      caption="How long changes take"
      columns={columns}
      rows={rows}
      idOf={({ way, span }) => `${way} ${span}`}
    />
  )
}
