import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { readWatchedRoom, type WatchedRoom } from '#watch/contract.ts'
import { Banner } from '../design/banner.tsx'
import { LinkButton } from '../design/links.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { CapabilityTable } from '../providers/capability-table.tsx'
import { useRecordCrumb } from '../shell/crumb.tsx'
import { asking } from '../shell/queries.ts'
import { RecordGate } from '../shell/record-gate.tsx'
import { HoldNotice } from './hold-notice.tsx'
import { RoomActions } from './room-actions.tsx'
import { RoomFacts } from './room-facts.tsx'
import { roomWord } from './watch-words.ts'

/** One watched room: how it is read, what can be done with its calendar, and what it waits for. */
export function RoomPage() {
  const { id } = useParams({ strict: false })
  const answer = useQuery({ ...asking(readWatchedRoom, { params: { id: id ?? '' } }), refetchInterval: 10_000 })
  return (
    <RecordGate answer={answer} what="watched room">
      {(watched) => <WholeRoom key={watched.room.id} watched={watched} />}
    </RecordGate>
  )
}

function WholeRoom({ watched }: { watched: WatchedRoom }) {
  const { room, provider, capabilities } = watched
  useRecordCrumb(room.name)
  return (
    <Page title={room.name}>
      <PageHeader
        title={room.name}
        subtitle={`${room.mailbox} · ${room.building} · ${provider.name}`}
        status={<StatusBadge {...roomWord(watched)} />}
        actions={<RoomActions watched={watched} />}
      />
      <Notice watched={watched} />
      <Panel title="How it is read">
        <RoomFacts watched={watched} />
      </Panel>
      {Object.keys(capabilities).length === 0 ? null : (
        <Panel title="What can be done with its calendar">
          <CapabilityTable capabilities={capabilities} />
        </Panel>
      )}
      <Related roomId={room.id} />
    </Page>
  )
}

/** What a person has to know, or to decide, before anything else. */
function Notice({ watched }: { watched: WatchedRoom }) {
  const { state, say, error, attempts, drift } = watched
  if (state === 'held') return <HoldNotice watched={watched} />
  if (state === 'waiting') {
    return (
      <Banner meaning="waiting" title="It waits, and goes on by itself">
        {say}
      </Banner>
    )
  }
  if (attempts > 0 && error !== null) {
    return (
      <Banner meaning="attention" title={`${attempts} ${attempts === 1 ? 'read' : 'reads'} in a row did not work`}>
        {error.say}
      </Banner>
    )
  }
  if (drift === 0) return null
  return (
    <Banner meaning="attention" title={`The last comparison found ${drift} that had been missed`}>
      They were mended by it. If it happens again and again, look at the subscriptions of this room.
    </Banner>
  )
}

function Related({ roomId }: { roomId: string }) {
  const search = { roomId }
  return (
    <Panel title="More about this room">
      <LinkButton variant="default" size="xs" mr="xs" mb="xs" to="/console/calendar-items" search={search}>
        Calendar items
      </LinkButton>
      <LinkButton variant="default" size="xs" mr="xs" mb="xs" to="/console/notifications" search={search}>
        Notifications
      </LinkButton>
      <LinkButton variant="default" size="xs" mr="xs" mb="xs" to="/console/subscriptions" search={search}>
        Subscriptions
      </LinkButton>
      <LinkButton variant="default" size="xs" mb="xs" to="/console/sync-events" search={search}>
        Sync events
      </LinkButton>
    </Panel>
  )
}
