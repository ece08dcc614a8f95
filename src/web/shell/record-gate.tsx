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
  return (
    <Page title={what}>
      {answer.error ? (
        <ErrorState
          alone
          problem={asProblem(answer.error)}
          title={`The ${what} cannot be shown`}
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <Loading rows={10} what={`the ${what}`} />
      )}
    </Page>
  )
}
