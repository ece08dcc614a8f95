import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type AuditEntryRow, countedMax, listAudit } from '#audit/contract.ts'
import type { Column } from '../design/data-table.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking } from '../shell/queries.ts'
import { auditColumns } from './audit-columns.tsx'
import { AuditExport } from './audit-export.tsx'
import { auditAsk, auditFilters, filterKeys, narrowedTo } from './audit-filters.ts'
import { ChainCheck } from './chain-check.tsx'
import { EntryDialog } from './entry-dialog.tsx'

/** All > Audit: who did what to what. */
export function AuditPage() {
  const list = useListState(filterKeys, '-at')
  const ask = auditAsk(list)
  const answer = useQuery({
    ...asking(listAudit, { query: { ...ask, sort: list.sort, page: list.page } }),
    placeholderData: keepPreviousData,
  })
  const [shown, setShown] = useState<AuditEntryRow | null>(null)
  const rows = answer.data?.rows ?? []
  return (
    <Page title="Audit" width="wide">
      <PageHeader
        title="Audit"
        subtitle="Who did what to what. Entries are written together with the change they are about, and none can be changed or taken out unseen."
        actions={<AuditExport ask={ask} />}
      />
      <ChainCheck />
      <RecordList
        what="Entries"
        columns={[...auditColumns, detailsColumn(setShown)]}
        filters={[...auditFilters, ...narrowedTo(list.filters, rows)]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ seq }) => seq}
        empty={{ title: 'Nothing yet', text: 'Every change and every use of a token is written down here.' }}
      />
      {answer.data?.totalIsAtLeast ? (
        <p role="note">More than {countedMax} entries match. Choose a time or a word to see the older ones.</p>
      ) : null}
      {shown === null ? null : (
        <EntryDialog
          entry={shown}
          onClose={() => setShown(null)}
          onNarrow={(filters) => {
            list.change({ filters, q: '', page: 1 })
            setShown(null)
          }}
        />
      )}
    </Page>
  )
}

function detailsColumn(show: (entry: AuditEntryRow) => void): Column<AuditEntryRow> {
  return {
    key: 'details',
    title: 'Details',
    text: () => '',
    cell: (entry) => (
      <Button
        variant="subtle"
        size="compact-xs"
        aria-label={`Details of entry ${entry.seq}, ${entry.action}`}
        onClick={() => show(entry)}
      >
        Details
      </Button>
    ),
  }
}
