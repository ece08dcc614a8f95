import { type Acting, actAsSystem, findWatchers, type NotActing } from '#providers/acting.ts'
import { findRoomSyncs, type Provider } from '#providers/room-sync.ts'
import type { WatchDeps } from './deps.ts'
import { everySubscriber } from './subscribers.ts'
import type { SubscriptionRow } from './subscription-queries.ts'
import { fingerprintOf } from './want-subscription.ts'
import { selectRoomsOfProvider } from './watch-queries.ts'

type Nobody = { is: 'nobody'; code: string; say: string }

/** Whoever can speak about a subscription: the application, or the account, that it was made with. */
export async function subscriberFor(deps: WatchDeps, row: SubscriptionRow): Promise<Acting | Nobody> {
  const provider = await providerOf(deps, row)
  if (provider === null) return subscriberElsewhere(deps, row)
  const candidates =
    row.room_id === null ? [await actAsSystem(deps, provider, 'bulk')] : await findWatchers(deps, provider, 'bulk')
  const found = candidates.find((one): one is Acting => one.is === 'ready' && fingerprintOf(one) === row.made_with)
  if (found !== undefined) return found
  if (row.state === 'removing') return subscriberElsewhere(deps, row)
  const missing = candidates.find((one): one is NotActing => one.is !== 'ready')
  const say = missing?.say ?? 'It was made with another permission, and is replaced.'
  return {
    is: 'nobody',
    code: missing?.is === 'sign_in_needed' ? 'token_missing' : (missing?.code ?? 'other_permission'),
    say,
  }
}

/** Its own provider has no room any more, or another permission; another may have the same one, which is enough to take it away. */
async function subscriberElsewhere(deps: WatchDeps, { made_with }: SubscriptionRow): Promise<Acting | Nobody> {
  const found = (await everySubscriber(deps)).find((one) => fingerprintOf(one) === made_with)
  const say = 'Nobody acts any more with the permission that it was made with.'
  return found ?? { is: 'nobody', code: 'other_permission', say }
}

/** The provider as any of its rooms knows it. */
async function providerOf({ db }: WatchDeps, row: SubscriptionRow): Promise<Provider | null> {
  const roomIds = row.room_id === null ? await selectRoomsOfProvider(db, row.provider_id) : [row.room_id]
  const syncs = await findRoomSyncs(db, roomIds.slice(0, 1))
  return [...syncs.values()].find(({ provider }) => provider.id === row.provider_id)?.provider ?? null
}
