import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { readSyncEvent, reprocessSyncEvent, type SyncEventRecord } from '#sync/sync-event.contract.ts'
import { Banner } from '../design/banner.tsx'
import { LinkButton } from '../design/links.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { useRecordCrumb } from '../shell/crumb.tsx'
import { asking } from '../shell/queries.ts'
import { RecordGate } from '../shell/record-gate.tsx'
import { EventDifference } from './event-difference.tsx'
import { EventFacts } from './event-facts.tsx'
import { EventJson } from './event-json.tsx'
import { actionWords, eventMeaning, eventWord } from './sync-words.ts'

/** One sync event: how it stands, what was sent and what was answered. */
export function SyncEventPage() {
  const { id } = useParams({ strict: false })
  const answer = useQuery(asking(readSyncEvent, { params: { seq: id ?? '' } }))
  return (
    <RecordGate answer={answer} what="sync event">
      {(event) => <WholeEvent key={event.seq} event={event} />}
    </RecordGate>
  )
}

function WholeEvent({ event }: { event: SyncEventRecord }) {
  const { reservation, action, room, seq } = event
  useRecordCrumb(`${seq} ${reservation.subject}`)
  const reprocess = useMutation({
    mutationFn: () => call(reprocessSyncEvent, { params: { seq } }),
    onSettled: () => refreshFeature('sync'),
  })
  return (
    <Page title={`Sync event ${seq}`}>
      <PageHeader
        title={reservation.subject}
        subtitle={`Sync event ${seq} · ${actionWords[action]} · ${room.name}`}
        status={<StatusBadge meaning={eventMeaning(event)} word={eventWord(event)} />}
        actions={
          <>
            <LinkButton variant="default" to="/reservations/$id" params={{ id: reservation.id }}>
              Open the reservation
            </LinkButton>
            <Button loading={reprocess.isPending} onClick={() => reprocess.mutate()}>
              Re-process
            </Button>
          </>
        }
      />
      {reprocess.data ? (
        <Banner meaning="good" title="Re-processed">
          {reprocess.data.say}
        </Banner>
      ) : null}
      {reprocess.error ? (
        <Banner meaning="refused" title="Not re-processed">
          {asProblem(reprocess.error).detail}
        </Banner>
      ) : null}
      <Panel title="How it stands">
        <EventFacts event={event} />
      </Panel>
      {event.difference === null ? null : <EventDifference difference={event.difference} />}
      <EventJson event={event} />
    </Page>
  )
}
