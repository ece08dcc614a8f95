import { findWatchers } from '#providers/acting.ts'
import { findRoomSyncs } from '#providers/room-sync.ts'
import type { WatchDeps } from './deps.ts'
import { probeRoomAt } from './jobs.ts'
import { probeAt, selectLookedAt } from './watch-queries.ts'

/**
 * A token of the system was obtained, renewed or lost just now: whatever waits is tried at once, and rooms that are only looked at are too if
 * there is an application now, which could follow them.
 */
export async function noteNewToken(deps: WatchDeps): Promise<void> {
  await tryAgain(deps, 'waiting')
  const syncs = await findRoomSyncs(deps.db, await selectLookedAt(deps.db))
  const active = [...syncs.values()].filter((sync) => sync.active)
  for (const [first, ...others] of Map.groupBy(active, ({ provider }) => provider.id).values()) {
    if (first === undefined) continue
    const [best] = await findWatchers(deps, first.provider, 'bulk')
    if (best?.is !== 'ready' || best.actsAs !== 'application') continue
    await tryAgain(
      deps,
      [first, ...others].map(({ roomId }) => roomId),
    )
  }
}

async function tryAgain(deps: WatchDeps, roomIds: readonly string[] | 'waiting'): Promise<void> {
  const now = deps.seams.now()
  for (const roomId of await probeAt(deps.db, roomIds, now)) await probeRoomAt(deps, roomId, now)
}
