import { useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { type ApplicationScope, listApplicationScopes } from '#connections/contract.ts'
import { browser } from '../browser.ts'
import { asking } from './queries.ts'

const key = 'application-scope'
/** The scope that the founding page asks for, and what the picker shows until another is chosen. */
export const calendarSyncScope = 'workplace_calendar_sync'
const watchers = new Set<() => void>()

/** The application scope that new records are made in. Kept in this browser; lists show every scope and can be filtered. */
export function useApplicationScope(): {
  current: ApplicationScope | null
  all: readonly ApplicationScope[]
  choose: (scopeKey: string) => void
} {
  const all = useQuery({ ...asking(listApplicationScopes), staleTime: 600_000 }).data?.scopes ?? []
  const chosen = useSyncExternalStore(watch, () => browser.recall(key) ?? calendarSyncScope)
  const current = all.find((scope) => scope.key === chosen) ?? all[0] ?? null
  return { current, all, choose }
}

function choose(scopeKey: string): void {
  browser.remember(key, scopeKey)
  for (const notify of watchers) notify()
}

function watch(notify: () => void): () => void {
  watchers.add(notify)
  return () => watchers.delete(notify)
}
