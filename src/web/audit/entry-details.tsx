import { Code, Stack } from '@mantine/core'
import type { AuditEntryRow } from '#audit/contract.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { detailParts } from './detail-parts.ts'

type Call = Readonly<Record<string, unknown>>

/** What an entry says beyond who, what and when: plain facts as facts, calls as a table, and whatever is neither as it is. */
export function EntryDetails({ details }: { details: AuditEntryRow['details'] }) {
  const { facts, calls, others } = detailParts(details)
  return (
    <Stack gap="md">
      {facts.length === 0 ? null : <KeyValue items={facts} />}
      {calls.length === 0 ? null : (
        <DataTable caption="Calls" columns={callColumns} rows={calls} idOf={(call) => JSON.stringify(call)} />
      )}
      {others === null ? null : <Code block>{JSON.stringify(others, null, 2)}</Code>}
    </Stack>
  )
}

const callColumns: readonly Column<Call>[] = [
  { key: 'count', title: 'Times', align: 'number', text: ({ count }) => String(count) },
  { key: 'method', title: 'Method', text: ({ method }) => String(method ?? '') },
  { key: 'to', title: 'To', wraps: true, text: ({ to }) => String(to ?? '') },
  { key: 'status', title: 'Answer', text: ({ status, refused }) => String(status ?? refused ?? '') },
]
