import type { Resolved } from '#connections/resolve.ts'
import type { Database } from '#db/database.ts'
import type { Change } from '#http/live.ts'
import type { Seams } from '#kit/seams.ts'
import type { WatchCounts, WatchFacts } from './contract.ts'

export type ProvidersDeps = {
  db: Database
  seams: Seams
  /** `resolveAlias` of connections, calls made once: a fetch in somebody's name, or what is missing. */
  resolve: (aliasId: string, who: { userId: string } | 'system') => Promise<Resolved>
}

/** What configuring needs from outside: to say that something changed, and to ask whoever watches rooms. */
export type ConfiguringDeps = ProvidersDeps & {
  publish: (change: Change) => void
  /** How these rooms are kept in step has changed: watch them so, or no longer. Called after the change was committed. */
  changed: (roomIds: readonly string[] | 'all') => Promise<void>
  /** How these rooms are watched now; a room that nobody watches is not in it. */
  watchFacts: (roomIds: readonly string[]) => Promise<Map<string, WatchFacts>>
  /** How many of a provider's rooms are watched, and how. */
  watchCounts: (providerId: string) => Promise<WatchCounts>
}
