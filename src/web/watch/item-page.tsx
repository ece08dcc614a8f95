import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type CalendarItemRecord, readCalendarItem } from '#watch/item.contract.ts'
import { Banner } from '../design/banner.tsx'
import { JsonView } from '../design/json-view.tsx'
import { LinkButton } from '../design/links.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { useRecordCrumb } from '../shell/crumb.tsx'
import { asking } from '../shell/queries.ts'
import { RecordGate } from '../shell/record-gate.tsx'
import { sayNotDone, saySaved } from '../shell/saved.ts'
import { ItemFacts } from './item-facts.tsx'
import { processSome } from './use-processing.ts'
import { itemStateWords } from './watch-words.ts'

/** One calendar item: what the room's copy says, what was decided, and why. */
export function ItemPage() {
  const { id } = useParams({ strict: false })
  const answer = useQuery({ ...asking(readCalendarItem, { params: { id: id ?? '' } }), refetchInterval: 10_000 })
  return (
    <RecordGate answer={answer} what="calendar item">
      {(item) => <WholeItem key={item.id} item={item} />}
    </RecordGate>
  )
}

function WholeItem({ item }: { item: CalendarItemRecord }) {
  const { id, room, subject, organizer, state, error, reservationId, view } = item
  const title = subject || organizer || 'Without a subject'
  useRecordCrumb(title)
  const again = useMutation({
    mutationFn: () => processSome([id]),
    onSuccess: ([outcome]) => saySaved('Re-process', outcome?.say ?? ''),
    onError: (problem) => sayNotDone('Re-process', problem),
    onSettled: () => refreshFeature('watch'),
  })
  return (
    <Page title={title}>
      <PageHeader
        title={title}
        subtitle={`Calendar item in ${room.name}`}
        status={<StatusBadge {...itemStateWords[state]} />}
        actions={
          <>
            {reservationId === null ? null : (
              <LinkButton variant="default" to="/reservations/$id" params={{ id: reservationId }}>
                Open the reservation
              </LinkButton>
            )}
            <Button loading={again.isPending} onClick={() => again.mutate()}>
              Re-process
            </Button>
          </>
        }
      />
      {error === null ? null : (
        <Banner meaning="attention" title="It could not be compared yet">
          {error.say || error.code} It is tried again by itself.
        </Banner>
      )}
      <Panel title="How it stands">
        <ItemFacts item={item} />
      </Panel>
      <Panel title="What the room’s copy says" padding="flush">
        <JsonView value={view} what="The room’s copy" />
      </Panel>
    </Page>
  )
}
