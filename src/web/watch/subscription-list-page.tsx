import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listWatchSubscriptions, subscriptionStates, type WatchSubscription } from '#watch/subscription.contract.ts'
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
import { outcomeColumn } from './outcome-column.tsx'
import { roomChip } from './room-chip.ts'
import { subscriptionColumns } from './subscription-columns.tsx'
import { useRenewing } from './use-renewing.ts'
import { subscriptionWords } from './watch-words.ts'

const filterKeys = ['state', 'roomId']
const stateFilter: Filter = {
  key: 'state',
  label: 'State',
  options: subscriptionStates.map((value) => ({ value, label: subscriptionWords[value].word })),
}

/** All > Workplace Calendar Synchronization > Subscriptions */
export function SubscriptionListPage() {
  const list = useListState(filterKeys, 'mailbox')
  const answer = useQuery({
    ...asking(listWatchSubscriptions, { query: list.ask }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  })
  const { chosen, change } = useSelection(list.ask)
  const { run, progress, outcomes, forget } = useRenewing()
  const ids = [...chosen.ids]
  const columns =
    outcomes.size === 0
      ? subscriptionColumns
      : [...subscriptionColumns, outcomeColumn('Renewed', ({ id }: WatchSubscription) => outcomes.get(id))]
  return (
    <Page title="Subscriptions" width="wide">
      <PageHeader
        title="Subscriptions"
        subtitle="What Microsoft is asked to tell of: one for each mailbox. They are made, renewed and replaced by themselves."
        actions={
          <ExportButton
            fileName="subscriptions"
            columns={subscriptionColumns}
            fetchPage={(page) => call(listWatchSubscriptions, { query: { ...list.ask, ...page } })}
          />
        }
      />
      <RecordList
        what="Subscriptions"
        columns={columns}
        filters={[stateFilter, ...roomChip(list.filters, answer.data?.rows ?? [])]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        selection={{ chosen, change, nameOf: ({ mailbox }) => mailbox }}
        selectionBar={
          <SelectionBar
            count={ids.length}
            what="subscriptions"
            progress={progress}
            result={ids.length > 0 ? null : bulkResult(outcomes, 'are being renewed')}
            onClear={() => {
              change(nothingChosen)
              forget()
            }}
          >
            <Button size="compact-sm" onClick={() => void run(ids).then(() => change(nothingChosen))}>
              Renew {ids.length} now
            </Button>
          </SelectionBar>
        }
        empty={{
          title: 'Microsoft is not asked to tell of anything',
          text: 'A subscription is made for every room that the application watches, and one for the delegated mailbox. Rooms that a delegated account watches are read again and again instead.',
          action: <LinkButton to="/console/watched-rooms">Watched rooms</LinkButton>,
        }}
      />
    </Page>
  )
}
