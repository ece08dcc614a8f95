import { transaction } from '#db/transaction.ts'
import type { GraphOutcome } from '#graph/graph-problem.ts'
import {
  createSubscription,
  deleteSubscription,
  formerLifeMinutesMax,
  type GraphSubscription,
  isAlreadySubscribed,
  isLifeTooLong,
  isSubscribingRefused,
  lifeMinutesMax,
  listSubscriptions,
  type SubscriptionWish,
} from '#graph/subscriptions.ts'
import { assertFence } from '#jobs/lease.ts'
import { sha256 } from '#kit/secret.ts'
import type { Capability } from '#providers/contract.ts'
import { addressesOf, isOurs } from './addresses.ts'
import type { WatchDeps } from './deps.ts'
import { hintRoom } from './hint.ts'
import type { Keeping } from './keep-subscription.ts'
import { learn } from './learn.ts'
import { newNonce, registryOf } from './registry.ts'
import { placeOf } from './schedule.ts'
import { expiryOf, lifeValues, triedValues } from './subscription-life.ts'
import { countMadeSince, updateSubscription } from './subscription-queries.ts'

/** So long Graph may ask whether we want to be told; at any other time nobody is given an answer. */
const provingMs = 60_000

/** Nobody can have us subscribe without end, whatever they tell us about our subscriptions. */
const madeMax = { count: 3, withinMs: 10 * 60_000 }

/** Subscribes. What it is to send back is stored, as a hash, before Graph is told, so that nothing it sends is ever unknown. */
export async function makeSubscription(deps: WatchDeps, keeping: Keeping): Promise<void> {
  const { row } = keeping
  const now = deps.seams.now()
  const made = await countMadeSince(deps.db, row.resource, new Date(now.getTime() - madeMax.withinMs))
  if (made > madeMax.count) return putOff(deps, keeping)
  const wish = await prepare(deps, keeping)
  const created = await subscribe(deps, keeping, wish)
  if (created.is === 'ok') return concludeMade(deps, keeping, created.value)
  const { code, status, requestId } = created
  deps.log.warn(
    { subscriptionId: row.id, roomId: row.room_id, code, status, requestId },
    'watch: a mailbox could not be subscribed to',
  )
  const tried = triedValues(row, { problem: created, now: deps.seams.now() })
  await write(deps, keeping, { ...tried, state: 'failed' })
  await noteOutcome(deps, keeping, {
    ok: isSubscribingRefused(created) ? false : null,
    code,
    say: tried.last_error_say ?? '',
  })
}

/** Whether a room's mailbox lets itself be subscribed to is known by doing it. */
async function noteOutcome(deps: WatchDeps, { row }: Keeping, outcome: Omit<Capability, 'at'>): Promise<void> {
  if (row.room_id === null) return
  await learn(deps, row.room_id, { subscribe: { ...outcome, at: deps.seams.now().toISOString() } })
}

async function prepare(deps: WatchDeps, keeping: Keeping): Promise<SubscriptionWish> {
  const { row } = keeping
  const now = deps.seams.now()
  const { nonce } = await registryOf(deps)
  const clientState = newNonce(deps.seams)
  const client_state_hash = sha256(clientState)
  const proving_until = new Date(now.getTime() + provingMs)
  await write(deps, keeping, { state: 'creating', nonce, client_state_hash, proving_until })
  const expiresAt = expiryOf(now, lifeMinutesMax)
  return { resource: row.resource, ...addressesOf(deps, nonce), clientState, expiresAt }
}

async function subscribe(
  deps: WatchDeps,
  { acting }: Keeping,
  wish: SubscriptionWish,
): Promise<GraphOutcome<GraphSubscription>> {
  const { graph } = acting
  const asked = await createSubscription(graph, wish)
  if (asked.is === 'ok') return asked
  if (isLifeTooLong(asked)) {
    return createSubscription(graph, { ...wish, expiresAt: expiryOf(graph.now(), formerLifeMinutesMax) })
  }
  if (!isAlreadySubscribed(asked)) return asked
  // One of ours that we do not know, after a crash, or the one that this replaces.
  const listed = await listSubscriptions(graph)
  if (listed.is === 'problem') return listed
  const twins = listed.value.filter((one) => isSame(one.resource, wish.resource) && isOurs(deps, one.notificationUrl))
  if (twins.length === 0) return asked
  for (const { id } of twins) await deleteSubscription(graph, id)
  return createSubscription(graph, wish)
}

/** Graph gives a resource back in other letters, and with a slash in front. */
export function isSame(one: string, other: string): boolean {
  const bare = (resource: string) => resource.replace(/^\/+/, '').toLowerCase()
  return bare(one) === bare(other)
}

async function concludeMade(deps: WatchDeps, keeping: Keeping, { id, expiresAt }: GraphSubscription): Promise<void> {
  const { row } = keeping
  const now = deps.seams.now()
  const life = lifeValues({ expiresAt, now, place: placeOf(row.id), isDelegated: row.room_id === null })
  await write(deps, keeping, { ...life, state: 'active', external_id: id, told: null })
  await noteOutcome(deps, keeping, { ok: true, code: 'works', say: 'Microsoft tells of changes in this calendar.' })
  // What changed before is told by nobody.
  if (row.room_id !== null) await hintRoom(deps, row.room_id)
}

async function putOff(deps: WatchDeps, keeping: Keeping): Promise<void> {
  const now = deps.seams.now()
  const say =
    'It was made several times within ten minutes. The next time is in ten minutes; until then the room is read every minute.'
  const again = {
    renew_at: new Date(now.getTime() + madeMax.withinMs),
    last_error_code: 'made_too_often',
    last_error_say: say,
  }
  await write(deps, keeping, { ...again, state: 'failed' })
}

async function write(
  deps: WatchDeps,
  { row, lease }: Keeping,
  values: Parameters<typeof updateSubscription>[2],
): Promise<void> {
  const proving = values.state === 'creating' ? {} : { proving_until: null }
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    await updateSubscription(trx, row.id, { ...proving, ...values, updated_at: deps.seams.now() })
  })
  deps.publish({ topic: 'watch', id: row.room_id ?? row.id, userId: null })
}
