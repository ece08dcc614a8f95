import { findWatchers } from '#providers/acting.ts'
import { findRoomSyncs } from '#providers/room-sync.ts'
import type { WatchDeps } from './deps.ts'
import { probeRoomAt } from './jobs.ts'
import { probeAt, selectWaitingFor } from './watch-queries.ts'

/** Rooms that wait for a token are tried as soon as there is one. Asking costs no call: whether there is one is in our own records. */
export async function noteTokens(deps: WatchDeps): Promise<void> {
  const waiting = await selectWaitingFor(deps.db, 'token_missing')
  const syncs = await findRoomSyncs(deps.db, waiting)
  const byProvider = Map.groupBy(
    [...syncs.values()].filter(({ active }) => active),
    ({ provider }) => provider.id,
  )
  for (const [first, ...others] of byProvider.values()) {
    if (first === undefined) continue
    const watchers = await findWatchers(deps, first.provider, 'bulk')
    if (!watchers.some(({ is }) => is === 'ready')) continue
    const now = deps.seams.now()
    for (const roomId of await probeAt(
      deps.db,
      [first, ...others].map(({ roomId }) => roomId),
      now,
    ))
      await probeRoomAt(deps, roomId, now)
  }
}
