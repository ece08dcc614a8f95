import { useQuery } from '@tanstack/react-query'
import { readSetup, type SetupStep } from '#scan/contract.ts'
import { LinkButton } from '../design/links.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { ErrorState, Loading } from '../design/states.tsx'
import { asProblem } from '../shell/api-problem.ts'
import { calendarSyncScope, useApplicationScope } from '../shell/application-scope.ts'
import { asking } from '../shell/queries.ts'
import { SetupChecklist, SetupSteps } from './setup-checklist.tsx'

/**
 * The founding page as a checklist. Every step is judged by the server from the records and from the last live call;
 * nothing here can be ticked by hand, so it cannot say done when it is not.
 */
export function SetupChecklistPage() {
  const { current: scope, choose } = useApplicationScope()
  const query = scope === null ? {} : { applicationScopeKey: scope.key }
  const setup = useQuery({ ...asking(readSetup, { query }), refetchOnMount: 'always' })
  return (
    <Page title="Set up" width="reading">
      <PageHeader
        size="large"
        title="Set up calendar synchronization"
        subtitle="Configure a personal authentication mode Connection and Credential alias for Microsoft Exchange Online."
      />
      {setup.data ? (
        <SetupChecklist
          steps={setup.data.steps}
          complete={setup.data.complete}
          onPickScope={() => choose(calendarSyncScope)}
        />
      ) : null}
      {setup.data ? <Afterwards steps={setup.data.afterwards} /> : null}
      {setup.isPending ? <Loading rows={12} what="the checklist" /> : null}
      {setup.error && !setup.data ? (
        <ErrorState
          problem={asProblem(setup.error)}
          title="The checklist cannot be shown"
          onRetry={() => void setup.refetch()}
        />
      ) : null}
    </Page>
  )
}

/** What comes after the founding page, and the scan for what may be wrong later. */
function Afterwards({ steps }: { steps: readonly SetupStep[] }) {
  return (
    <>
      <PageHeader
        level="part"
        title="Then: keep rooms in step"
        actions={
          <LinkButton to="/console/scan" variant="default">
            Scan
          </LinkButton>
        }
      />
      <SetupSteps steps={steps} />
    </>
  )
}
