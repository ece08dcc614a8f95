import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listWatchedRooms, watchStates } from '#watch/contract.ts'
import type { Filter } from '../design/filter-chip.tsx'
import { LinkButton } from '../design/links.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { RecordList } from '../design/record-list.tsx'
import { watchStateWords } from '../providers/words.ts'
import { call } from '../shell/api.ts'
import { ExportButton } from '../shell/export-button.tsx'
import { listAnswer } from '../shell/list-answer.ts'
import { useListState } from '../shell/list-state.ts'
import { asking } from '../shell/queries.ts'
import { roomColumns } from './room-columns.tsx'
import { methodWords } from './watch-words.ts'

const filterKeys = ['state', 'method', 'hasDrift']
const filters: readonly Filter[] = [
  {
    key: 'state',
    label: 'State',
    options: watchStates.map((value) => ({ value, label: watchStateWords[value].word })),
  },
  {
    key: 'method',
    label: 'How',
    options: Object.entries(methodWords).map(([value, label]) => ({ value, label })),
  },
  {
    key: 'hasDrift',
    label: 'Last comparison',
    options: [
      { value: 'true', label: 'Found something' },
      { value: 'false', label: 'Found nothing' },
    ],
  },
]

/** All > Workplace Calendar Synchronization > Watched rooms */
export function RoomListPage() {
  const list = useListState(filterKeys, 'room')
  const answer = useQuery({
    ...asking(listWatchedRooms, { query: list.ask }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  })
  return (
    <Page title="Watched rooms" width="wide">
      <PageHeader
        title="Watched rooms"
        subtitle="How each room’s calendar is read, with whose permission, and how long ago."
        actions={
          <ExportButton
            fileName="watched-rooms"
            columns={roomColumns}
            fetchPage={(page) => call(listWatchedRooms, { query: { ...list.ask, ...page } })}
          />
        }
      />
      <RecordList
        what="Watched rooms"
        columns={roomColumns}
        filters={filters}
        state={list}
        answer={listAnswer(answer)}
        idOf={({ room }) => room.id}
        hrefOf={({ room }) => `/console/watched-rooms/${room.id}`}
        empty={{
          title: 'No room is watched yet',
          text: 'A room is watched as soon as its reservable sync configuration is active. What is there is then read by itself.',
          action: <LinkButton to="/console/sync-configurations">Reservable sync configurations</LinkButton>,
        }}
      />
    </Page>
  )
}
