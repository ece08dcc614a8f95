import { transaction } from '#db/transaction.ts'
import { actAsSystem } from '#providers/acting.ts'
import { findRoomSyncs, type Provider } from '#providers/room-sync.ts'
import type { WatchDeps } from './deps.ts'
import { subscribeAt } from './jobs.ts'
import { selectDelegated, unwant } from './subscription-queries.ts'
import { wantSubscription } from './want-subscription.ts'

/**
 * Keeps one subscription on each delegated mailbox itself: what it organises is told of there, and hints at rooms whose own calendars can
 * only be looked at. A provider without rooms, or in normal mode, has none.
 */
export async function arrangeDelegated(deps: WatchDeps): Promise<void> {
  const syncs = [...(await findRoomSyncs(deps.db, 'all')).values()].filter(({ active }) => active)
  const providers = new Map(syncs.map(({ provider }) => [provider.id, provider]))
  const wanted = [...providers.values()].filter(
    ({ mode, delegatedUserEmail }) => mode !== 'normal' && delegatedUserEmail !== null,
  )
  for (const provider of wanted) await want(deps, provider)
  const now = deps.seams.now()
  const keep = new Set(wanted.map(({ id }) => id))
  for (const { provider_id } of await selectDelegated(deps.db)) {
    if (!keep.has(provider_id)) await unwant(deps.db, { providerId: provider_id }, { at: now, now })
  }
}

async function want(deps: WatchDeps, provider: Provider): Promise<void> {
  const acting = await actAsSystem(deps, provider, 'bulk')
  const mailbox = provider.delegatedUserEmail
  if (acting.is !== 'ready' || mailbox === null) return
  const made = await transaction(deps.db, (trx) =>
    wantSubscription(trx, deps, { roomId: null, provider, mailbox, acting }),
  )
  for (const id of made) await subscribeAt(deps, id, deps.seams.now())
}
