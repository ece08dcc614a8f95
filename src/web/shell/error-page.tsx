import { Page } from '../design/page.tsx'
import { ErrorState } from '../design/states.tsx'
import { asProblem } from './api-problem.ts'

/** Shown where a page broke or its data could not be had. */
export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <Page title="Something is in the way" width="reading">
      <ErrorState alone problem={asProblem(error)} onRetry={reset} />
    </Page>
  )
}
