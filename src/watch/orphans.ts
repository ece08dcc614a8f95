import { deleteSubscription, listSubscriptions } from '#graph/subscriptions.ts'
import type { Acting } from '#providers/acting.ts'
import { isOurs } from './addresses.ts'
import type { WatchDeps } from './deps.ts'
import { isSame } from './make-subscription.ts'
import { everySubscriber } from './subscribers.ts'
import { selectKept, selectResourcesInMaking } from './subscription-queries.ts'

/**
 * Takes away what Graph has of ours and we do not know: left by a crash, by an older installation at this address, by a database that was
 * restored. Ours is what sends to our own address; nothing else is touched.
 */
export async function removeOrphans(deps: WatchDeps): Promise<number> {
  let removed = 0
  for (const acting of await everySubscriber(deps)) removed += await removeOrphansOf(deps, acting)
  if (removed > 0) deps.log.info({ removed }, 'watch: subscriptions that nobody knew were taken away')
  return removed
}

async function removeOrphansOf(deps: WatchDeps, { graph }: Acting): Promise<number> {
  const listed = await listSubscriptions(graph)
  if (listed.is === 'problem') return 0
  const ours = listed.value.filter(({ notificationUrl }) => isOurs(deps, notificationUrl))
  const kept = await selectKept(
    deps.db,
    ours.map(({ id }) => id),
  )
  const inMaking = [...(await selectResourcesInMaking(deps.db))]
  const orphans = ours.filter(({ id, resource }) => !kept.has(id) && !inMaking.some((one) => isSame(one, resource)))
  for (const { id } of orphans) await deleteSubscription(graph, id)
  return orphans.length
}
