import { Button } from '@mantine/core'
import { IconUserCheck } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { listReservations, type Reservation } from '#reservations/contract.ts'
import { browser } from '../browser.ts'
import { nothingChosen } from '../design/chosen.ts'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { SelectAll } from '../design/row-selection.tsx'
import { SelectionBar } from '../design/selection-bar.tsx'
import { EmptyState, ErrorState, Loading } from '../design/states.tsx'
import { useNow } from '../design/when.tsx'
import { dateOf } from '../rooms/wall-time.ts'
import { asProblem } from '../shell/api-problem.ts'
import { bulkResult } from '../shell/bulk-result.ts'
import { asking } from '../shell/queries.ts'
import { useSelection } from '../shell/use-selection.ts'
import { ApprovalDialog } from './approval-dialog.tsx'
import { ApprovalList } from './approval-list.tsx'
import styles from './approvals-page.module.css'
import { useApproving } from './use-approving.ts'

const pageSize = 50

/** Live updates tell people of their own reservations only; those of others are asked for this often. */
const refreshEveryMs = 10_000

/** What waits for the reader's word. */
export function ApprovalsPage() {
  const page = Math.max(1, Number(useSearch({ strict: false }).page) || 1)
  const { data, error, refetch } = useQuery({
    ...asking(listReservations, { query: { whose: 'to_approve', page, pageSize } }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshEveryMs,
  })
  return (
    <Page title="Approvals" width="reading">
      <PageHeader
        title="Approvals"
        size="large"
        subtitle="Reservations of rooms that need a person’s word before they are confirmed."
      />
      {error && !data ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Loading rows={8} what="what waits for you" />}
      {data ? <Waiting reservations={data.rows} total={data.total} page={page} /> : null}
    </Page>
  )
}

type WaitingProps = { reservations: readonly Reservation[]; total: number; page: number }

function Waiting({ reservations, total, page }: WaitingProps) {
  const { chosen, change } = useSelection({ page })
  const { asked, ask, close, confirm, progress, outcomes, done, forget } = useApproving()
  const readerZone = browser.timeZone()
  const today = dateOf(Temporal.Instant.fromEpochMilliseconds(useNow().getTime()), readerZone)
  const selection = { chosen, change, nameOf: ({ subject }: Reservation) => subject }
  const ids = [...chosen.ids]
  return (
    <>
      <Panel padding="flush">
        <SelectionBar
          count={ids.length}
          what="reservations"
          progress={progress}
          result={ids.length > 0 ? null : bulkResult(outcomes, done)}
          onClear={() => {
            change(nothingChosen)
            forget()
          }}
        >
          <Button size="compact-sm" onClick={() => ask('approve', ids)}>
            Approve {ids.length}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => ask('reject', ids)}>
            Reject {ids.length}
          </Button>
        </SelectionBar>
        {reservations.length > 1 ? (
          <div className={styles.all}>
            <SelectAll selection={selection} order={reservations.map(({ id }) => id)} />
            <span aria-hidden="true">Choose all of this page</span>
          </div>
        ) : null}
        {reservations.length === 0 ? <NothingWaits /> : null}
        <ApprovalList
          reservations={reservations}
          today={today}
          readerZone={readerZone}
          selection={selection}
          outcomes={outcomes}
          onDecide={ask}
        />
      </Panel>
      <Pages page={page} total={total} />
      {asked === null ? null : (
        <ApprovalDialog
          verb={asked.verb}
          what={whatOf(asked.ids, reservations)}
          onConfirm={(comment) => void confirm(comment).then(() => change(nothingChosen))}
          onClose={close}
        />
      )}
    </>
  )
}

function whatOf(ids: readonly string[], reservations: readonly Reservation[]): string {
  const [id] = ids
  if (ids.length > 1) return `${ids.length} reservations`
  return `“${reservations.find((one) => one.id === id)?.subject ?? 'it'}”`
}

function Pages({ page, total }: { page: number; total: number }) {
  const navigate = useNavigate()
  const goTo = (next: number) => void navigate({ to: '/approvals', search: { page: String(next) } })
  if (total <= pageSize && page === 1) return null
  return (
    <div className={styles.pages}>
      <Button variant="default" disabled={page === 1} onClick={() => goTo(page - 1)}>
        Sooner
      </Button>
      <span>
        {(page - 1) * pageSize + 1}–{Math.min(page * pageSize, total)} of {total}
      </span>
      <Button variant="default" disabled={page * pageSize >= total} onClick={() => goTo(page + 1)}>
        Later
      </Button>
    </div>
  )
}

function NothingWaits() {
  return (
    <EmptyState
      icon={<IconUserCheck size={28} stroke={1.5} aria-hidden="true" />}
      title="Nothing waits for you"
      text="When somebody reserves a room that needs approval, it appears here by itself."
    />
  )
}
