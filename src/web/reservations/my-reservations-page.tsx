import { Button, SegmentedControl, Stack } from '@mantine/core'
import { IconCalendarPlus } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { listReservations } from '#reservations/contract.ts'
import { browser } from '../browser.ts'
import { Page, PageHeader } from '../design/page.tsx'
import { EmptyState, ErrorState, Loading } from '../design/states.tsx'
import { useNow } from '../design/when.tsx'
import { dateOf } from '../rooms/wall-time.ts'
import { asProblem } from '../shell/api-problem.ts'
import { asking, usePerson } from '../shell/queries.ts'
import { CancelDialog } from './cancel-dialog.tsx'
import { ReservationList } from './reservation-list.tsx'
import { reservationsByDay } from './reservations-by-day.ts'
import { useCancelling } from './use-cancelling.ts'

const pageSize = 50

/** What the signed-in person has reserved. */
export function MyReservationsPage() {
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const when = search.when === 'past' ? 'past' : 'upcoming'
  const page = Math.max(1, Number(search.page) || 1)
  const { data, error, refetch } = useQuery({
    ...asking(listReservations, { query: { when, page, pageSize } }),
    placeholderData: keepPreviousData,
  })
  const cancelling = useCancelling()
  const readerZone = browser.timeZone()
  const readerId = usePerson().id
  const today = dateOf(Temporal.Instant.fromEpochMilliseconds(useNow().getTime()), readerZone)
  const goTo = (next: { when: string; page?: string }) => void navigate({ to: '/reservations', search: next })
  return (
    <Page title="My reservations" width="reading">
      <PageHeader
        title="My reservations"
        size="large"
        actions={
          <SegmentedControl
            size="md"
            transitionDuration={0}
            aria-label="Which reservations"
            value={when}
            onChange={(next) => goTo({ when: next })}
            data={[
              { value: 'upcoming', label: 'Upcoming' },
              { value: 'past', label: 'Past' },
            ]}
          />
        }
      />
      {error && !data ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Loading rows={8} what="your reservations" />}
      {data?.total === 0 ? <NothingReserved when={when} /> : null}
      <Stack gap="lg">
        <ReservationList
          days={reservationsByDay(data?.rows ?? [])}
          today={today}
          readerZone={readerZone}
          onCancel={when === 'upcoming' ? cancelling.ask : undefined}
        />
        {data && data.total > page * pageSize ? (
          <Button variant="default" onClick={() => goTo({ when, page: String(page + 1) })}>
            Show the next {Math.min(pageSize, data.total - page * pageSize)} of {data.total}
          </Button>
        ) : null}
      </Stack>
      {cancelling.asked ? (
        <CancelDialog
          key={cancelling.asked.id}
          reservation={cancelling.asked}
          readerId={readerId}
          opened
          busy={cancelling.busy}
          problem={cancelling.problem}
          onCancelIt={cancelling.confirm}
          onClose={cancelling.close}
        />
      ) : null}
    </Page>
  )
}

function NothingReserved({ when }: { when: 'upcoming' | 'past' }) {
  return (
    <EmptyState
      icon={<IconCalendarPlus size={28} stroke={1.5} aria-hidden="true" />}
      title={when === 'past' ? 'Nothing in the past' : 'You have nothing reserved'}
      text={
        when === 'past'
          ? 'Reservations move here when their time is over.'
          : 'Reserve a room here, and the meeting appears in your Outlook calendar.'
      }
      action={
        <Button component={Link} to="/">
          Find a room
        </Button>
      }
    />
  )
}
