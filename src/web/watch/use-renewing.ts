import { renewWatchSubscription } from '#watch/subscription.contract.ts'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { useBulk } from '../shell/use-bulk.ts'

/** Has subscriptions made or renewed now, one after the other, with the outcome of each. */
export function useRenewing() {
  const { run, ...bulk } = useBulk({ atOnce: 1, onDone: () => refreshFeature('watch') })
  return { ...bulk, run: (ids: readonly string[]) => run(ids, renew) }
}

async function renew([id = '']: readonly string[]) {
  const { say } = await call(renewWatchSubscription, { params: { id } })
  return [{ id, meaning: 'good' as const, say }]
}
