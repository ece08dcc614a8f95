import { IconCalendarCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type Expiry, listExpiries } from '#connections/expiry.contract.ts'
import { type Column, DataTable } from '../design/data-table.tsx'
import type { Meaning } from '../design/meaning.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { EmptyState, ErrorState, Loading } from '../design/states.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'
import { asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import { whoMustActWords } from './words.ts'

const kindWords = {
  client_secret: 'Client secret',
  certificate: 'Certificate',
  token: 'Permission',
  consent: 'Consent',
} as const

const columns: readonly Column<Expiry>[] = [
  {
    key: 'subject',
    title: 'What',
    text: ({ subject, label }) => (label === null ? subject.name : `${subject.name}: ${label}`),
  },
  { key: 'kind', title: 'Kind', text: ({ kind }) => kindWords[kind] },
  { key: 'account', title: 'Account', room: 'wide', text: ({ account }) => account ?? '' },
  { key: 'expiresOn', title: 'Ends on', text: ({ expiresOn }) => expiresOn },
  {
    key: 'daysLeft',
    title: 'Left',
    text: (row) => wordOf(row),
    cell: (row) => (
      <StatusBadge meaning={row.covered ? 'neutral' : urgency(row.daysLeft)} word={wordOf(row)} variant="plain" />
    ),
  },
  {
    key: 'say',
    title: 'What to do',
    room: 'medium',
    wraps: true,
    text: ({ say, whoMustAct, covered }) => (covered ? say : `${whoMustActWords[whoMustAct]} ${say}`),
  },
  {
    key: 'warnedAt',
    title: 'Last warning',
    room: 'wide',
    text: ({ warnedAt }) => warnedAt ?? '',
    cell: ({ warnedAt }) => (warnedAt === null ? 'None yet' : <When at={warnedAt} />),
  },
]

/** All > System OAuth > Expiry */
export function ExpiryPage() {
  const { data, error, refetch } = useQuery(asking(listExpiries))
  return (
    <Page title="Expiry" width="wide">
      <PageHeader
        title="Expiry"
        subtitle="What ends and when: client secrets, certificates, permissions that could not be renewed, and consents that were taken back. Whoever can act is told by mail 60, 30, 7 and 1 days before, and of a consent at once."
      />
      {error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Loading rows={4} what="what expires" />}
      {data?.expiries.length === 0 ? (
        <EmptyState
          icon={<IconCalendarCheck size={28} stroke={1.5} aria-hidden="true" />}
          title="Nothing expires"
          text="Permissions renew themselves every week. Enter the day a client secret expires on its OAuth app, and it is shown here."
        />
      ) : null}
      {data && data.expiries.length > 0 ? (
        <Panel padding="flush">
          <DataTable
            caption="What expires, the soonest first"
            columns={columns}
            rows={data.expiries}
            idOf={({ kind, subject, label, account }) => `${kind} ${subject.id} ${label} ${account}`}
            hrefOf={({ subject }) =>
              subject.kind === 'credential' ? `/console/credentials/${subject.id}` : `/console/oauth-apps/${subject.id}`
            }
          />
        </Panel>
      ) : null}
    </Page>
  )
}

function urgency(daysLeft: number): Meaning {
  if (daysLeft <= 1) return 'refused'
  return daysLeft <= 30 ? 'attention' : 'neutral'
}

function wordOf({ kind, daysLeft }: Expiry): string {
  return kind === 'consent' ? 'Missing' : leftWords(daysLeft)
}

function leftWords(daysLeft: number): string {
  if (daysLeft < 0) return 'Expired'
  if (daysLeft === 0) return 'Today'
  return daysLeft === 1 ? '1 day' : `${daysLeft} days`
}
