import { useQuery } from '@tanstack/react-query'
import { type Health, readHealth } from '#sync/health.contract.ts'
import { LinkButton } from '../design/links.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { EmptyState, ErrorState, Loading } from '../design/states.tsx'
import { When } from '../design/when.tsx'
import { asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import { HealthCauses } from './health-causes.tsx'
import { HealthDays } from './health-days.tsx'
import { HealthErrors } from './health-errors.tsx'
import styles from './health-page.module.css'
import { HealthVerdict } from './health-verdict.tsx'
import { LagTable } from './lag-table.tsx'
import { RoomGrid } from './room-grid.tsx'
import { WaitingFacts } from './waiting-facts.tsx'

/** Live updates tell of changes; what only grows old is seen by asking again. */
const refreshEveryMs = 10_000

/** All > Workplace Calendar Synchronization > Health: one sentence, then the figures, then every room. */
export function HealthPage() {
  const { data, error, refetch } = useQuery({ ...asking(readHealth), refetchInterval: refreshEveryMs })
  return (
    <Page title="Health" width="wide">
      <PageHeader
        title="Health"
        subtitle={
          <>
            Whether reservations and Outlook are in step, as of{' '}
            {data ? <When at={data.at} variant="absolute" /> : 'this moment'}. This page follows by itself.
          </>
        }
      />
      {error && !data ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Loading rows={12} what="how it is" />}
      {data ? <HealthOf health={data} /> : null}
    </Page>
  )
}

function HealthOf({ health }: { health: Health }) {
  const { verdict, lag, queue, drift, subscriptions, rooms, errors, days } = health
  if (verdict.is === 'empty' && rooms.total === 0) return <NothingKept say={verdict.say} />
  return (
    <>
      <HealthVerdict verdict={verdict} />
      {verdict.causes.length === 0 ? null : (
        <Panel title="Why">
          <HealthCauses causes={verdict.causes} />
        </Panel>
      )}
      <div className={styles.columns}>
        <Panel title="How long changes take" padding="flush">
          <LagTable lag={lag} />
        </Panel>
        <Panel title="What waits">
          <WaitingFacts queue={queue} drift={drift} subscriptions={subscriptions} />
        </Panel>
      </div>
      <Panel title="Rooms">
        <RoomGrid rooms={rooms} />
      </Panel>
      <div className={styles.columns}>
        <Panel title="Not through in the last 24 hours" padding="flush">
          <HealthErrors errors={errors} />
        </Panel>
        <Panel title="The last seven days (UTC)" padding="flush">
          <HealthDays days={days} />
        </Panel>
      </div>
    </>
  )
}

function NothingKept({ say }: { say: string }) {
  return (
    <EmptyState
      title="No room is kept in step yet"
      text={say}
      action={<LinkButton to="/console/sync-configurations">Choose rooms</LinkButton>}
    />
  )
}
