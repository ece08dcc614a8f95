import { transaction } from '#db/transaction.ts'
import type { GraphProblem } from '#graph/graph-problem.ts'
import { isTransient } from '#graph/graph-problem.ts'
import {
  deleteSubscription,
  type GraphSubscription,
  lifeMinutesMax,
  readSubscription,
  renewSubscription,
} from '#graph/subscriptions.ts'
import { assertFence, type Lease, LeaseLost } from '#jobs/lease.ts'
import { underLease } from '#jobs/under-lease.ts'
import type { Acting } from '#providers/acting.ts'
import type { WatchDeps } from './deps.ts'
import { hintRoom } from './hint.ts'
import { subscribeAt } from './jobs.ts'
import { makeSubscription } from './make-subscription.ts'
import { registryOf } from './registry.ts'
import { placeOf } from './schedule.ts'
import { subscriberFor } from './subscriber.ts'
import { expiryOf, lifeValues, triedValues } from './subscription-life.ts'
import {
  type SubscriptionRow,
  type SubscriptionValues,
  selectSubscription,
  updateSubscription,
} from './subscription-queries.ts'
import { replaceSubscription } from './want-subscription.ts'

/** Longer than making one takes: Graph asks two addresses, ten seconds each at most. */
const leaseMs = 60_000
const busyMs = 2_000

/** A renewal that Graph asks for again within this was answered already; it may ask every quarter of an hour. */
const debounceMs = 10 * 60_000

/** One subscription, its lane, and whoever may speak about it. */
export type Keeping = { row: SubscriptionRow; lease: Lease; acting: Acting }

/**
 * Makes one subscription what it should be: made, renewed, made anew, taken away. Level-triggered: what is to be done is read from its row.
 */
export async function keepSubscription(deps: WatchDeps, id: string): Promise<void> {
  const { db, seams } = deps
  const under = { db, lane: `subscription ${id}`, ttlMs: leaseMs, newId: seams.newId, wait: seams.wait }
  try {
    const kept = await underLease(under, async (lease) => {
      await keepUnderLease(deps, id, lease)
      return 'kept' as const
    })
    if (kept === null) await subscribeAt(deps, id, new Date(seams.now().getTime() + busyMs))
  } catch (cause) {
    if (!(cause instanceof LeaseLost)) throw cause
  }
}

async function keepUnderLease(deps: WatchDeps, id: string, lease: Lease): Promise<void> {
  const row = await selectSubscription(deps.db, id)
  const now = deps.seams.now()
  if (row === undefined || row.state === 'removed' || row.renew_at === null || row.renew_at > now) return
  const acting = await subscriberFor(deps, row)
  if (acting.is !== 'ready') return withoutPermission(deps, { row, lease }, acting)
  const keeping = { row, lease, acting }
  if (row.state === 'removing') return takeAway(deps, keeping)
  if (row.state !== 'active') return makeSubscription(deps, keeping)
  return keepActive(deps, keeping)
}

async function keepActive(deps: WatchDeps, keeping: Keeping): Promise<void> {
  const { row } = keeping
  const now = deps.seams.now()
  if (row.expires_at === null || row.expires_at <= now) return makeAnew(deps, keeping, 'it ended')
  if (row.nonce !== (await registryOf(deps)).nonce) return replace(deps, keeping)
  if (row.told === 'removed') return checkRemoval(deps, keeping)
  const isFresh = row.renewed_at !== null && now.getTime() - row.renewed_at.getTime() < debounceMs
  if (row.told === 'reauthorize' && isFresh) return write(deps, keeping, nextRenewal(row, now))
  return renew(deps, keeping)
}

async function renew(deps: WatchDeps, keeping: Keeping): Promise<void> {
  const { row, acting } = keeping
  const now = deps.seams.now()
  const wish = { id: row.external_id ?? '', expiresAt: expiryOf(now, lifeMinutesMax) }
  const renewed = await renewSubscription(acting.graph, wish)
  if (renewed.is === 'ok') return write(deps, keeping, livesOn(row, renewed.value, now))
  if (renewed.status === 404) return makeAnew(deps, keeping, 'Graph does not know it any more')
  await write(deps, keeping, { ...triedValues(row, { problem: renewed, now }), told: row.told })
}

/** Graph said that it is gone. Anybody who knew the client state could say so too: Graph itself is asked. */
async function checkRemoval(deps: WatchDeps, keeping: Keeping): Promise<void> {
  const { row, acting } = keeping
  const now = deps.seams.now()
  const found = await readSubscription(acting.graph, row.external_id ?? '')
  if (found.is === 'problem')
    return write(deps, keeping, { ...triedValues(row, { problem: found, now }), told: row.told })
  if (found.value === null) return makeAnew(deps, keeping, 'Graph removed it')
  await write(deps, keeping, nextRenewal(row, now))
}

/** What happened while there was none is found by reading. */
async function makeAnew(deps: WatchDeps, { row, lease }: Keeping, because: string): Promise<void> {
  deps.log.info({ subscriptionId: row.id, roomId: row.room_id, because }, 'watch: a subscription is made anew')
  const made = await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    const ids = await replaceSubscription(trx, deps, row, { goesOn: false })
    // There is nothing at Graph to take away.
    await updateSubscription(trx, row.id, { state: 'removed', external_id: null, renew_at: null })
    return ids
  })
  for (const id of made) await subscribeAt(deps, id, deps.seams.now())
  if (row.room_id !== null) await hintRoom(deps, row.room_id)
}

async function replace(deps: WatchDeps, { row, lease }: Keeping): Promise<void> {
  const made = await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    return replaceSubscription(trx, deps, row, { goesOn: true })
  })
  for (const id of made) await subscribeAt(deps, id, deps.seams.now())
}

async function takeAway(deps: WatchDeps, keeping: Keeping): Promise<void> {
  const { row, acting } = keeping
  const now = deps.seams.now()
  if (row.external_id === null) return write(deps, keeping, removed)
  const outcome = await deleteSubscription(acting.graph, row.external_id)
  if (outcome.is === 'problem' && isWorthAnother(row, outcome)) {
    return write(deps, keeping, { ...triedValues(row, { problem: outcome, now }), state: 'removing' })
  }
  await write(deps, keeping, removed)
}

/** It ends by itself within a week. */
function isWorthAnother({ attempts }: SubscriptionRow, problem: GraphProblem): boolean {
  return isTransient(problem) && attempts < 10
}

const removed = { state: 'removed', external_id: null, renew_at: null, expires_at: null } as const

/** Whoever made it cannot speak any more: what is wanted waits, and what is not ends by itself. */
async function withoutPermission(
  deps: WatchDeps,
  { row, lease }: Pick<Keeping, 'row' | 'lease'>,
  { code, say }: { code: string; say: string },
): Promise<void> {
  const now = deps.seams.now()
  const waits = row.state === 'creating' ? { state: 'failed' as const } : {}
  const problem = { code, say, retryAfterMs: null }
  const values = row.state === 'removing' ? removed : { ...triedValues(row, { problem, now }), ...waits }
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    await updateSubscription(trx, row.id, { ...values, updated_at: now })
  })
}

function livesOn(row: SubscriptionRow, { expiresAt }: GraphSubscription, now: Date): SubscriptionValues {
  return { ...lifeValues({ expiresAt, now, place: placeOf(row.id), isDelegated: row.room_id === null }), told: null }
}

function nextRenewal(row: SubscriptionRow, now: Date): SubscriptionValues {
  const { renew_at } = lifeValues({
    expiresAt: row.expires_at ?? now,
    now,
    place: placeOf(row.id),
    isDelegated: row.room_id === null,
  })
  return { renew_at, told: null }
}

async function write(
  deps: WatchDeps,
  { row, lease }: Pick<Keeping, 'row' | 'lease'>,
  values: SubscriptionValues,
): Promise<void> {
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    await updateSubscription(trx, row.id, { ...values, updated_at: deps.seams.now() })
  })
  deps.publish({ topic: 'watch', id: row.room_id ?? row.id, userId: null })
}
