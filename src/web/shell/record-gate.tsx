import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Page } from '../design/page.tsx'
import { ErrorState, Loading } from '../design/states.tsx'
import { asProblem } from './api-problem.ts'

type RecordGateProps<R> = {
  answer: UseQueryResult<R>
  /** In the singular, as in "the connection". */
  what: string
  children: (record: R) => ReactNode
}

/** Shows a record once it is here; before that its height, and instead of it the reason. */
export function RecordGate<R>({ answer, what, children }: RecordGateProps<R>) {
  if (answer.data !== undefined) return children(answer.data)
  if (answer.error) return <Missing answer={answer} what={what} />
  return (
    <Page title={what}>
      <Loading rows={10} what={`the ${what}`} />
    </Page>
  )
}

/** Asking again does not bring back a record that is not there; for everything else it may help. */
function Missing<R>({ answer, what }: Pick<RecordGateProps<R>, 'answer' | 'what'>) {
  const problem = asProblem(answer.error)
  return (
    <Page title={what}>
      <ErrorState
        alone
        problem={problem}
        title={`The ${what} cannot be shown`}
        onRetry={problem.status === 404 ? undefined : () => void answer.refetch()}
      />
    </Page>
  )
}
