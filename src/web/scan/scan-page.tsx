import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { readFindings, type ScanReport } from '#scan/contract.ts'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { ErrorState, Loading } from '../design/states.tsx'
import { Verdict } from '../design/verdict.tsx'
import { When } from '../design/when.tsx'
import { asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import { CheckList } from './check-list.tsx'
import { FindingList } from './finding-list.tsx'

/** All > Workplace Calendar Synchronization > Scan: judged anew each time it is opened or asked for. */
export function ScanPage() {
  const report = useQuery({ ...asking(readFindings), refetchOnMount: 'always' })
  return (
    <Page title="Scan" width="reading">
      <PageHeader
        title="Scan"
        subtitle="Is the set-up of calendar synchronization right? Each finding says what to do, and leads there."
        actions={
          <Button
            loading={report.isFetching}
            leftSection={<IconRefresh size={16} aria-hidden="true" />}
            onClick={() => void report.refetch()}
          >
            Scan again
          </Button>
        }
      />
      {report.isPending ? <Loading rows={8} what="the findings" /> : null}
      {report.error && !report.data ? (
        <ErrorState
          problem={asProblem(report.error)}
          title="The set-up could not be scanned"
          onRetry={() => void report.refetch()}
        />
      ) : null}
      {report.data ? <Report report={report.data} /> : null}
    </Page>
  )
}

function Report({ report }: { report: ScanReport }) {
  const { findings, checks, at } = report
  const refused = findings.filter(({ meaning }) => meaning === 'refused').length
  return (
    <>
      <Verdict meaning={refused > 0 ? 'refused' : findings.length > 0 ? 'attention' : 'good'}>
        {sentence(findings.length, refused)} Scanned <When at={at} />.
      </Verdict>
      {findings.length === 0 ? null : (
        <Panel title="Findings" padding="flush">
          <FindingList findings={findings} />
        </Panel>
      )}
      <Panel title="What was checked">
        <CheckList checks={checks} />
      </Panel>
    </>
  )
}

function sentence(count: number, refused: number): string {
  if (count === 0) return 'Everything is as it should be.'
  const things = count === 1 ? '1 finding' : `${count} findings`
  if (refused === 0) return `${things}: it works, and somebody should know.`
  return `${things}, ${refused === count ? (count === 1 ? 'which keeps' : 'all of which keep') : `${refused} of which keep${refused === 1 ? 's' : ''}`} something from working.`
}
