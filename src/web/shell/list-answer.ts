import type { UseQueryResult } from '@tanstack/react-query'
import type { ListAnswer } from '../design/record-list.tsx'
import { asProblem } from './api-problem.ts'

type PageOf<Row> = { rows: Row[]; total: number; pageSize: number }

/** A query's result in the words of `RecordList`. What is already there stays on screen while the next page comes. */
export function listAnswer<Row>(result: UseQueryResult<PageOf<Row>>): ListAnswer<Row> {
  const { data, error, isPlaceholderData } = result
  if (data) return { is: 'here', rows: data.rows, total: data.total, pageSize: data.pageSize, stale: isPlaceholderData }
  if (error) return { is: 'failed', problem: asProblem(error), retry: () => void result.refetch() }
  return { is: 'loading' }
}
