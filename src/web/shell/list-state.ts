import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { ListState } from '../design/record-list.tsx'

/** The state of a list page, read from and written to the address: `?q=ms&sort=-name&page=2&active=true`. */
export function useListState(filterKeys: readonly string[], defaultSort = 'name'): ListState & { ask: ListAsk } {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>
  const navigate = useNavigate()
  const change = useCallback<ListState['change']>(
    ({ filters, ...part }) =>
      void navigate({
        to: '.',
        search: (before: Record<string, string | undefined>) => cleaned({ ...before, ...filters, ...part }),
        replace: true,
      }),
    [navigate],
  )
  return useMemo(() => {
    const filters = Object.fromEntries(filterKeys.map((key) => [key, search[key] ?? '']))
    const q = search.q ?? ''
    const sort = search.sort ?? defaultSort
    const page = Math.max(1, Number.parseInt(search.page ?? '1', 10) || 1)
    const narrowing = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ''))
    return { q, sort, page, filters, change, ask: { ...(q ? { q } : {}), sort, page, ...narrowing } }
  }, [search, change, defaultSort, filterKeys])
}

export type ListAsk = { q?: string; sort: string; page: number } & Record<string, string | number | undefined>

/** First pages and empty filters are not worth a place in the address. */
function cleaned(search: Record<string, unknown>): Record<string, string> {
  const worth = Object.entries(search).filter(
    ([name, value]) => value !== undefined && value !== '' && !(name === 'page' && Number(value) === 1),
  )
  return Object.fromEntries(worth.map(([name, value]) => [name, String(value)]))
}
