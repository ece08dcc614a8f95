import { Anchor, Button, Group } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { z } from 'zod'
import { cancelReservation, type Reservation, readReservation, submitReservation } from '#reservations/contract.ts'
import { readStory } from '#sync/story.contract.ts'
import { browser } from '../browser.ts'
import { Banner } from '../design/banner.tsx'
import { Fold } from '../design/fold.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { ErrorState, Loading } from '../design/states.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { useNow } from '../design/when.tsx'
import { useDirectory } from '../people/use-directory.ts'
import { dateOf } from '../rooms/wall-time.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { asking, usePerson } from '../shell/queries.ts'
import { ApprovalDialog } from './approval-dialog.tsx'
import { BookInstead } from './book-instead.tsx'
import { CancelDialog } from './cancel-dialog.tsx'
import { ChangeSheet } from './change-sheet.tsx'
import { DraftPermission } from './draft-permission.tsx'
import { ProposalList } from './proposal-list.tsx'
import { ReservationActions } from './reservation-actions.tsx'
import { bookBody, draftOf } from './reservation-draft.ts'
import { ReservationFacts } from './reservation-facts.tsx'
import { ReservationHistory } from './reservation-history.tsx'
import { isOpen } from './reservation-state.ts'
import { ReservationStory } from './reservation-story.tsx'
import type { Alternative } from './room-clash.ts'
import { StateNotice } from './state-notice.tsx'
import { useApproving } from './use-approving.ts'
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
  const readerId = usePerson().id
  return (
    <>
      <PageHeader
        title={reservation.subject}
        size="large"
        status={reservation.source === 'outlook' ? <StatusBadge meaning="neutral" word="Made in Outlook" /> : undefined}
        actions={
          reservation.mayChange || isOpen(reservation) ? (
            <ReservationActions
              reservation={reservation}
              onChange={() => setChanging(Math.abs(changing) + 1)}
              onCancel={() => cancelling.ask(reservation)}
            />
          ) : undefined
        }
      />
      <StateNotice reservation={reservation}>
        <WayOn reservation={reservation} alternatives={alternatives} />
      </StateNotice>
      {reservation.mayApprove ? <Approving reservation={reservation} /> : null}
      <ProposalList reservation={reservation} />
      <ReservationFacts reservation={reservation} readerZone={readerZone} today={today} readerId={readerId} />
      <Panel title="What happened">
        <ReservationHistory history={history} timeZone={reservation.timeZone} />
      </Panel>
      <WhatEachCopySays reservation={reservation} />
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
        readerId={readerId}
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
  if (mayReserveInstead(reservation)) {
    return <Instead reservation={reservation} alternatives={alternatives} />
  }
  return null
}

/** The meeting has lost its room, and whoever looks may give it another one. */
function mayReserveInstead({ state, mayChange, changesAreProposed }: Reservation): boolean {
  const lostItsRoom = ['declined', 'failed', 'conflicted', 'rejected', 'expired'].includes(state)
  return lostItsRoom && mayChange && changesAreProposed === null
}

/** For whoever may say yes or no to it. */
function Approving({ reservation: { id, subject } }: { reservation: Reservation }) {
  const { asked, ask, close, confirm, progress, outcomes, done } = useApproving()
  const problem = outcomes.get(id)
  return (
    <Banner
      meaning="waiting"
      title="It waits for your word"
      action={
        <Group gap="xs">
          <Button size="xs" variant="default" disabled={progress !== null} onClick={() => ask('reject', [id])}>
            Reject
          </Button>
          <Button size="xs" loading={progress !== null} onClick={() => ask('approve', [id])}>
            Approve
          </Button>
        </Group>
      }
    >
      {problem?.meaning === 'refused' ? (
        <span role="alert">
          It was not {done}: {problem.say}
        </span>
      ) : (
        'Nothing is confirmed before you have said yes.'
      )}
      {asked === null ? null : (
        <ApprovalDialog
          verb={asked.verb}
          what={`“${subject}”`}
          onConfirm={(comment) => void confirm(comment)}
          onClose={close}
        />
      )}
    </Banner>
  )
}

/** Fetched when it is opened: few people look that deep, and it is more than the rest of the page together. */
function WhatEachCopySays({ reservation: { id, room } }: { reservation: Reservation }) {
  const [opened, setOpened] = useState(false)
  const { data, error, refetch } = useQuery({ ...asking(readStory, { params: { id } }), enabled: opened })
  return (
    <Fold title="What each copy says" onOpen={() => setOpened(true)}>
      {error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {data || error || !opened ? null : <Loading rows={6} what="what each copy says" />}
      {data ? <ReservationStory story={data} roomName={room.name} /> : null}
    </Fold>
  )
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
