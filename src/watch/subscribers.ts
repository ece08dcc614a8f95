import { type Acting, actAsSystem, findWatchers } from '#providers/acting.ts'
import { findRoomSyncs } from '#providers/room-sync.ts'
import type { WatchDeps } from './deps.ts'
import { fingerprintOf } from './want-subscription.ts'

/** Each application and each delegated account that acts for any room, once. */
export async function everySubscriber(deps: WatchDeps): Promise<Acting[]> {
  const syncs = [...(await findRoomSyncs(deps.db, 'all')).values()].filter(({ active }) => active)
  const providers = new Map(syncs.map(({ provider }) => [provider.id, provider]))
  const found = new Map<string, Acting>()
  for (const provider of providers.values()) {
    const candidates = [...(await findWatchers(deps, provider, 'bulk')), await actAsSystem(deps, provider, 'bulk')]
    for (const one of candidates) if (one.is === 'ready') found.set(fingerprintOf(one), one)
  }
  return [...found.values()]
}
