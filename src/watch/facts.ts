import type { Database } from '#db/database.ts'
import type { WatchCounts, WatchFacts } from '#providers/contract.ts'
import { countByState, selectWatches, type WatchRow } from './watch-queries.ts'

/** How these rooms are watched now, by room id; a room that nobody watches is not in it. */
export async function watchFacts(db: Database, roomIds: readonly string[]): Promise<Map<string, WatchFacts>> {
  return new Map((await selectWatches(db, roomIds)).map((watch) => [watch.room_id, factsOf(watch)]))
}

/** How many rooms of a provider are watched, wait for something, or are held until a person decides. */
export async function watchCounts(db: Database, providerId: string): Promise<WatchCounts> {
  const counts = await countByState(db, providerId)
  const { watching = 0, waiting = 0, held = 0 } = Object.fromEntries(counts)
  return { watching, waiting, held }
}

function factsOf(watch: WatchRow): WatchFacts {
  return {
    state: watch.state,
    say: watch.state_say ?? watch.last_error_say,
    method: watch.method,
    identity: watch.identity,
    capabilities: watch.capabilities,
    readAt: watch.read_at?.toISOString() ?? null,
  }
}
