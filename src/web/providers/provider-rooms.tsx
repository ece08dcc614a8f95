import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { CalendarProvider } from '#providers/calendar-provider.contract.ts'
import { listSyncConfigurations } from '#providers/sync-configuration.contract.ts'
import { DataTable } from '../design/data-table.tsx'
import { LinkButton } from '../design/links.tsx'
import { RelatedTabs } from '../design/related-tabs.tsx'
import { EmptyState, ErrorState, Loading } from '../design/states.tsx'
import { asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import { configurationColumns } from './configuration-columns.tsx'

const shownMax = 50

/** The rooms that a provider keeps in step, and how each is watched. */
export function ProviderRooms({ provider }: { provider: CalendarProvider }) {
  const query = { providerId: provider.id, pageSize: shownMax }
  const answer = useQuery({ ...asking(listSyncConfigurations, { query }), placeholderData: keepPreviousData })
  const all = (
    <LinkButton to="/console/sync-configurations" search={{ providerId: provider.id }} variant="default" size="xs">
      {answer.data && answer.data.total > shownMax ? `All ${answer.data.total}` : 'Open the list'}
    </LinkButton>
  )
  return (
    <RelatedTabs
      label="Related lists"
      tabs={[
        {
          key: 'rooms',
          title: 'Rooms',
          count: provider.roomCount,
          actions: provider.roomCount > 0 ? all : null,
          content: <Rooms answer={answer} name={provider.name} />,
        },
      ]}
    />
  )
}

type RoomsProps = { answer: UseQueryResult<z.output<typeof listSyncConfigurations.answer>>; name: string }

function Rooms({ answer, name }: RoomsProps) {
  if (answer.error) return <ErrorState problem={asProblem(answer.error)} onRetry={() => void answer.refetch()} />
  if (answer.data === undefined) return <Loading rows={4} what="its rooms" />
  if (answer.data.rows.length === 0) {
    return (
      <EmptyState
        title="No room uses it yet"
        text="A reservable sync configuration says that a room is kept in step by this provider."
        action={<LinkButton to="/console/sync-configurations">Reservable sync configurations</LinkButton>}
      />
    )
  }
  return (
    <DataTable
      caption={`Rooms of ${name}`}
      columns={configurationColumns.ofProvider}
      rows={answer.data.rows}
      idOf={({ id }) => id}
      hrefOf={({ id }) => `/console/sync-configurations/${id}`}
    />
  )
}
