import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listSyncEvents, type SyncEvent } from '#sync/sync-event.contract.ts'
import { nothingChosen } from '../design/chosen.ts'
import { Page, PageHeader } from '../design/page.tsx'
import { type ListAnswer, RecordList } from '../design/record-list.tsx'
import { SelectionBar } from '../design/selection-bar.tsx'
import { call } from '../shell/api.ts'
import { bulkResult } from '../shell/bulk-result.ts'
import { ExportButton } from '../shell/export-button.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking } from '../shell/queries.ts'
import { useSelection } from '../shell/use-selection.ts'
import { columnsWith, exportedColumns } from './sync-event-columns.tsx'
import { filterKeys, manyNote, narrowedTo, syncEventAsk, syncEventFilters } from './sync-event-filters.ts'
import { useHeldRows } from './use-held-rows.ts'
import { useReprocessing } from './use-reprocessing.ts'

/** All > Workplace Calendar Synchronization > Sync events: what goes to Outlook, and what came of it. */
export function SyncEventListPage() {
  const list = useListState(filterKeys, '')
  const ask = syncEventAsk(list)
  const answer = useQuery({
    ...asking(listSyncEvents, { query: { ...ask, page: list.page } }),
    placeholderData: keepPreviousData,
  })
  const which = { ...ask, page: list.page }
  const { chosen, change } = useSelection(which)
  const { run, progress, outcomes, forget } = useReprocessing()
  const { rows, hold, letGo } = useHeldRows(which, answer.data?.rows ?? [])
  const reprocess = () => {
    hold()
    void run([...chosen.ids]).then(() => change(nothingChosen))
  }
  return (
    <Page title="Sync events" width="wide">
      <PageHeader
        title="Sync events"
        subtitle="Every change of a reservation on its way to Outlook: what was sent, with whose permission, and what came of it."
        actions={
          <ExportButton
            fileName="sync-events"
            columns={exportedColumns}
            fetchPage={(page) => call(listSyncEvents, { query: { ...ask, ...page } })}
          />
        }
      />
      <RecordList
        what="Sync events"
        columns={columnsWith(outcomes)}
        filters={[...syncEventFilters, ...narrowedTo(list.filters, rows)]}
        state={list}
        answer={withRows(listAnswer(answer), rows)}
        idOf={({ seq }) => seq}
        hrefOf={({ seq }) => `/console/sync-events/${seq}`}
        selection={{ chosen, change, nameOf: ({ reservation, seq }) => `${reservation.subject}, number ${seq}` }}
        selectionBar={
          <SelectionBar
            count={chosen.ids.size}
            what="sync events"
            progress={progress}
            result={chosen.ids.size > 0 ? null : bulkResult(outcomes, 're-processed')}
            onClear={() => {
              change(nothingChosen)
              forget()
              letGo()
            }}
          >
            <Button size="compact-sm" onClick={reprocess}>
              Re-process {chosen.ids.size}
            </Button>
          </SelectionBar>
        }
        empty={{
          title: 'Nothing has gone to Outlook yet',
          text: 'As soon as somebody reserves, changes or cancels a room that is kept in step, it is shown here within the second.',
        }}
      />
      {answer.data?.totalIsAtLeast ? <p role="note">{manyNote}</p> : null}
    </Page>
  )
}

function withRows(answer: ListAnswer<SyncEvent>, rows: readonly SyncEvent[]): ListAnswer<SyncEvent> {
  return answer.is === 'here' ? { ...answer, rows } : answer
}
