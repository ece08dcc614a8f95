import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type CalendarItemRow, countedMax, itemStates, listCalendarItems } from '#watch/item.contract.ts'
import { nothingChosen } from '../design/chosen.ts'
import type { Filter } from '../design/filter-chip.tsx'
import { LinkButton } from '../design/links.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { SelectionBar } from '../design/selection-bar.tsx'
import { call } from '../shell/api.ts'
import { bulkResult } from '../shell/bulk-result.ts'
import { ExportButton } from '../shell/export-button.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking } from '../shell/queries.ts'
import { useSelection } from '../shell/use-selection.ts'
import { itemColumns } from './item-columns.tsx'
import { outcomeColumn } from './outcome-column.tsx'
import { roomChip } from './room-chip.ts'
import { useProcessing } from './use-processing.ts'
import { itemStateWords } from './watch-words.ts'

const filterKeys = ['state', 'isGone', 'roomId']
const filters: readonly Filter[] = [
  { key: 'state', label: 'State', options: itemStates.map((value) => ({ value, label: itemStateWords[value].word })) },
  {
    key: 'isGone',
    label: 'In the calendar',
    options: [
      { value: 'false', label: 'Still there' },
      { value: 'true', label: 'Gone' },
    ],
  },
]

/** All > Workplace Calendar Synchronization > Calendar items */
export function ItemListPage() {
  const list = useListState(filterKeys, '')
  const { sort: _, ...query } = list.ask
  const answer = useQuery({
    ...asking(listCalendarItems, { query }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  })
  const { chosen, change } = useSelection(query)
  const { run, progress, outcomes, forget } = useProcessing()
  const ids = [...chosen.ids]
  const columns =
    outcomes.size === 0
      ? itemColumns
      : [...itemColumns, outcomeColumn('Re-processed', ({ id }: CalendarItemRow) => outcomes.get(id))]
  return (
    <Page title="Calendar items" width="wide">
      <PageHeader
        title="Calendar items"
        subtitle="What is in the calendars of rooms, as it was last read, and what was decided about it."
        actions={
          <ExportButton
            fileName="calendar-items"
            columns={itemColumns}
            fetchPage={(page) => call(listCalendarItems, { query: { ...query, ...page } })}
          />
        }
      />
      <RecordList
        what="Calendar items"
        columns={columns}
        filters={[...filters, ...roomChip(list.filters, answer.data?.rows ?? [])]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/calendar-items/${id}`}
        selection={{
          chosen,
          change,
          nameOf: ({ room, subject, organizer }) => `${subject || organizer}, ${room.name}`,
        }}
        selectionBar={
          <SelectionBar
            count={ids.length}
            what="calendar items"
            progress={progress}
            result={ids.length > 0 ? null : bulkResult(outcomes, 're-processed')}
            onClear={() => {
              change(nothingChosen)
              forget()
            }}
          >
            <Button size="compact-sm" onClick={() => void run(ids).then(() => change(nothingChosen))}>
              Re-process {ids.length}
            </Button>
          </SelectionBar>
        }
        empty={{
          title: 'Nothing was read yet',
          text: 'Everything in the calendar of a watched room is shown here as soon as it was read for the first time.',
          action: <LinkButton to="/console/watched-rooms">Watched rooms</LinkButton>,
        }}
      />
      {answer.data?.totalIsAtLeast ? (
        <p role="note">More than {countedMax} match. Choose a state or a word to see others.</p>
      ) : null}
    </Page>
  )
}
