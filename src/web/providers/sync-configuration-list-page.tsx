import { Button } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { listCalendarProviders } from '#providers/calendar-provider.contract.ts'
import { listSyncConfigurations, type SyncConfiguration } from '#providers/sync-configuration.contract.ts'
import { listBuildings } from '#rooms/contract.ts'
import { NewButton } from '../connections/new-button.tsx'
import { activeFilter } from '../connections/words.ts'
import type { Column } from '../design/data-table.tsx'
import type { Filter } from '../design/filter-chip.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { SelectionBar } from '../design/selection-bar.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { call } from '../shell/api.ts'
import { bulkResult } from '../shell/bulk-result.ts'
import { ExportButton } from '../shell/export-button.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking, useHasRole } from '../shell/queries.ts'
import type { Outcome } from '../shell/use-bulk.ts'
import { useSelection } from '../shell/use-selection.ts'
import { configurationColumns } from './configuration-columns.tsx'
import { CreateForBuilding } from './create-for-building.tsx'
import { useActivating } from './use-activating.ts'

const filterKeys = ['active', 'providerId', 'buildingId', 'noRequest']
const noRequestFilter: Filter = {
  key: 'noRequest',
  label: 'No request',
  options: [
    { value: 'true', label: 'On' },
    { value: 'false', label: 'Off' },
  ],
}

/** All > Workplace Calendar Synchronization > Reservable sync configurations */
export function SyncConfigurationListPage() {
  const list = useListState(filterKeys, 'room')
  const answer = useQuery({ ...asking(listSyncConfigurations, { query: list.ask }), placeholderData: keepPreviousData })
  const mayChange = useHasRole('rsvsync_admin')
  const [creating, setCreating] = useState(false)
  const selection = useSelection(list.ask)
  const { start, did, ...bulk } = useActivating()
  const columns =
    bulk.outcomes.size === 0 ? configurationColumns.list : [...configurationColumns.list, outcomeOf(bulk.outcomes)]
  const ids = [...selection.chosen.ids]
  const fetchPage = (page: object) => call(listSyncConfigurations, { query: { ...list.ask, ...page } })
  const create = mayChange ? <Button onClick={() => setCreating(true)}>Create for a building</Button> : null
  return (
    <Page title="Reservable sync configurations" width="wide">
      <PageHeader
        title="Reservable sync configurations"
        subtitle="Which rooms are kept in step with Outlook, and by which provider."
        actions={
          <>
            <ExportButton fileName="sync-configurations" columns={configurationColumns.list} fetchPage={fetchPage} />
            {mayChange ? (
              <Button variant="default" onClick={() => setCreating(true)}>
                Create for a building
              </Button>
            ) : null}
            {mayChange ? <NewButton to="/console/sync-configurations/new" /> : null}
          </>
        }
      />
      <RecordList
        what="Sync configurations"
        columns={columns}
        filters={[activeFilter, useProviderFilter(), useBuildingFilter(), noRequestFilter]}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ id }) => id}
        hrefOf={({ id }) => `/console/sync-configurations/${id}`}
        {...(mayChange ? { selection: { ...selection, nameOf } } : {})}
        selectionBar={
          <SelectionBar
            count={ids.length}
            what="rooms"
            progress={bulk.progress}
            result={bulkResult(bulk.outcomes, did)}
            onClear={() => {
              bulk.forget()
              selection.change({ ids: new Set(), last: null })
            }}
          >
            <Button size="compact-sm" onClick={() => start('activate', ids)}>
              Activate
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => start('deactivate', ids)}>
              Deactivate
            </Button>
          </SelectionBar>
        }
        empty={{
          title: 'No room is kept in step yet',
          text: 'Create configurations for all rooms of a building at once, then activate them.',
          action: create,
        }}
      />
      <CreateForBuilding opened={creating} onClose={() => setCreating(false)} />
    </Page>
  )
}

const nameOf = ({ room }: SyncConfiguration) => room.name

/** What came of each row, while the result is on screen. */
function outcomeOf(outcomes: ReadonlyMap<string, Outcome>): Column<SyncConfiguration> {
  return {
    key: 'outcome',
    title: 'Outcome',
    text: ({ id }) => outcomes.get(id)?.say ?? '',
    cell: ({ id }) => {
      const outcome = outcomes.get(id)
      return outcome === undefined ? null : (
        <span title={outcome.say}>
          <StatusBadge meaning={outcome.meaning} word={outcome.say} variant="plain" />
        </span>
      )
    },
  }
}

function useProviderFilter(): Filter {
  const { data } = useQuery(asking(listCalendarProviders, { query: { pageSize: 200 } }))
  const options = (data?.rows ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return { key: 'providerId', label: 'Provider', options }
}

function useBuildingFilter(): Filter {
  const { data } = useQuery(asking(listBuildings))
  const options = (data?.buildings ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return { key: 'buildingId', label: 'Building', options }
}
