import type { Database } from '#db/database.ts'
import { type Capabilities, capabilities, type WatchCounts, type WatchFacts } from '#providers/contract.ts'
import { countWatchStates } from './watch-count-queries.ts'
import { selectWatches, type WatchRow } from './watch-queries.ts'

/** How these rooms are watched now, for whoever configures them; a room that nobody watches is not in it. */
export async function findWatchFacts(db: Database, roomIds: readonly string[]): Promise<Map<string, WatchFacts>> {
  const watches = await selectWatches(db, roomIds)
  return new Map(watches.map((watch) => [watch.room_id, factsOf(watch)]))
}

/** How many rooms of a provider are watched, wait, or are held. */
export async function countWatches(db: Database, providerId: string): Promise<WatchCounts> {
  const counts = new Map((await countWatchStates(db, providerId)).map(({ state, count }) => [state, Number(count)]))
  return {
    watching: counts.get('watching') ?? 0,
    waiting: counts.get('waiting') ?? 0,
    held: counts.get('held') ?? 0,
  }
}

function factsOf(watch: WatchRow): WatchFacts {
  return {
    state: watch.state,
    say: watch.state_say,
    method: watch.method,
    identity: watch.identity,
    capabilities: capabilitiesOf(watch),
    readAt: watch.read_at?.toISOString() ?? null,
  }
}

/** As they were stored; what no longer reads as such is left out. */
function capabilitiesOf({ capabilities: stored, probed_at }: WatchRow): Partial<Capabilities> {
  const at = (probed_at ?? new Date(0)).toISOString()
  const entries = Object.entries(stored as Record<string, object>).flatMap(([name, found]) => {
    const shape = capabilities.shape[name as keyof Capabilities]
    const read = shape?.safeParse({ at, ...found })
    return read?.success ? [[name, read.data]] : []
  })
  return Object.fromEntries(entries)
}
