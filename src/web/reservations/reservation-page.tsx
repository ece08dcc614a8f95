import { Anchor, Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import { cancelReservation, type Reservation, readReservation, submitReservation } from '#reservations/contract.ts'
import { browser } from '../browser.ts'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { ErrorState, Loading } from '../design/states.tsx'
import { useNow } from '../design/when.tsx'
import { useDirectory } from '../people/use-directory.ts'
import { dateOf } from '../rooms/wall-time.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import { BookInstead } from './book-instead.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { ChangeSheet } from './change-sheet.tsx'
import { DraftPermission } from './draft-permission.tsx'
import { bookBody, draftOf } from './reservation-draft.ts'
import { ReservationFacts } from './reservation-facts.tsx'
import { ReservationHistory } from './reservation-history.tsx'
import { isOpen } from './reservation-state.ts'
import type { Alternative } from './room-clash.ts'
import { StateNotice } from './state-notice.tsx'
import { useCancelling } from './use-cancelling.ts'
import { useReserving } from './use-reserving.ts'

type Whole = z.output<typeof readReservation.answer>

/** One reservation: what it is, how it stands, what can be done, and everything that happened to it. */
export function ReservationPage() {
  const { id } = useParams({ strict: false })
  const { data, error, refetch } = useQuery(asking(readReservation, { params: { id: id ?? '' } }))
  return (
    <Page title={data?.reservation.subject ?? 'Reservation'} width="reading">
      <Anchor component={Link} to="/reservations" size="md">
        My reservations
      </Anchor>
      {error && !data ? <ErrorState alone problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Loading rows={10} what="the reservation" />}
      {data ? <WholeReservation whole={data} /> : null}
    </Page>
  )
}

function WholeReservation({ whole: { reservation, history, alternatives } }: { whole: Whole }) {
  const readerZone = browser.timeZone()
  const today = dateOf(Temporal.Instant.fromEpochMilliseconds(useNow().getTime()), reservation.timeZone)
  const directory = useDirectory()
  const cancelling = useCancelling()
  const [changing, setChanging] = useState(0)
  const open = isOpen(reservation)
  return (
    <>
      <PageHeader
        title={reservation.subject}
        size="large"
        actions={
          reservation.mayChange ? (
            <>
              <Button variant="default" onClick={() => setChanging(Math.abs(changing) + 1)}>
                Change
              </Button>
              <Button variant="outline" color="red" onClick={() => cancelling.ask(reservation)}>
                Cancel it
              </Button>
            </>
          ) : undefined
        }
      />
      <StateNotice reservation={reservation}>
        <WayOn reservation={reservation} alternatives={alternatives} />
      </StateNotice>
      {open && reservation.mayNotChangeBecause !== null ? <p>{reservation.mayNotChangeBecause}</p> : null}
      <ReservationFacts reservation={reservation} readerZone={readerZone} today={today} />
      <Panel title="What happened">
        <ReservationHistory history={history} timeZone={reservation.timeZone} />
      </Panel>
      {changing === 0 ? null : (
        <ChangeSheet
          key={Math.abs(changing)}
          opened={changing > 0}
          reservation={reservation}
          readerZone={readerZone}
          today={today}
          directory={directory}
          onClose={() => setChanging(-Math.abs(changing))}
        />
      )}
      <CancelDialog
        reservation={reservation}
        opened={cancelling.asked !== null}
        busy={cancelling.busy}
        problem={cancelling.problem}
        onCancelIt={cancelling.confirm}
        onClose={cancelling.close}
      />
    </>
  )
}

/** What the person can do about the state it is in. */
function WayOn({ reservation, alternatives }: Pick<Whole, 'reservation' | 'alternatives'>) {
  if (reservation.permissionNeeded) {
    return <DraftPermission reservation={reservation} permission={reservation.permissionNeeded} kept="" />
  }
  if (reservation.state === 'draft') return <GoOn reservation={reservation} />
  if (reservation.state === 'declined' || reservation.state === 'failed') {
    return <Instead reservation={reservation} alternatives={alternatives} />
  }
  return null
}

/** A draft goes on by itself; this is for the one that was left behind. */
function GoOn({ reservation: { id } }: { reservation: Reservation }) {
  const queries = useQueryClient()
  const submit = useMutation({
    mutationFn: () => call(submitReservation, { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['reservations'] }),
  })
  return (
    <div>
      <Button loading={submit.isPending} onClick={() => submit.mutate()}>
        Send it now
      </Button>
      {submit.error ? <p role="alert">{asProblem(submit.error).detail}</p> : null}
    </div>
  )
}

function Instead({ reservation, alternatives }: Pick<Whole, 'reservation' | 'alternatives'>) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const reserving = useReserving(async ({ id, permissionNeeded }) => {
    void navigate({ to: '/reservations/$id', params: { id } })
    // Two meetings about one thing would be left in the calendar; if this fails, the declined one still offers to be cancelled.
    if (permissionNeeded === null && reservation.mayChange) {
      const body = { reason: 'Another room was reserved instead.' }
      await call(cancelReservation, { params: { id: reservation.id }, body }).catch(() => undefined)
      await queries.invalidateQueries({ queryKey: ['reservations'] })
    }
  })
  const bookInstead = ({ roomId }: Alternative) =>
    reserving.book({ ...bookBody(draftOf(reservation), reservation.room), roomId })
  return (
    <BookInstead
      alternatives={alternatives}
      pending={reserving.pending}
      problem={reserving.problem?.detail ?? null}
      onBook={bookInstead}
    />
  )
}
