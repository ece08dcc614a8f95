import type { WatchDeps } from './deps.ts'
import { wakeRooms } from './hint.ts'
import { spreadAt } from './jobs.ts'
import { lifecycleKinds } from './lifecycle.ts'
import { markToldOn, selectWaiting, type WaitingNotification } from './notification-queries.ts'
import { type SubscriptionRow, selectSubscription } from './subscription-queries.ts'
import { countHints, selectRoomsOfProvider } from './watch-queries.ts'

const batchMax = 500

/** An event of ours is told of before we have stored its id: it is looked for once more. */
const unknownForMs = 3_000

/** However many unknown events there are, all rooms are read this often at most. */
const everybodyEveryMs = 60_000

/**
 * Tells on what was told of the delegated mailbox: an event there is a meeting in rooms, whose own calendars Graph tells nobody about. What
 * nobody knows may be a meeting with any of the provider's rooms, so all of them are read, at most once a minute.
 */
export async function spreadNotifications(deps: WatchDeps, subscriptionId: string): Promise<void> {
  const { db, seams } = deps
  const subscription = await selectSubscription(db, subscriptionId)
  if (subscription === undefined || subscription.room_id !== null) return
  const now = seams.now()
  const waiting = await selectWaiting(db, subscriptionId, batchMax)
  const known = await knownRooms(deps, waiting)
  const told = waiting.filter((one) => isDone(one, known, now))
  const rooms = new Set([...known.values()].flat())
  const isForAll = told.some((one) => isForEverybody(one, known))
  if (isForAll) for (const roomId of await everybody(deps, subscription, now)) rooms.add(roomId)
  await wakeRooms(deps, await countHints(db, [...rooms], now))
  await markToldOn(
    db,
    told.map(({ seq }) => seq),
    now,
  )
  const rest = waiting.length - told.length
  if (rest > 0 || waiting.length === batchMax)
    await spreadAt(deps, subscriptionId, new Date(now.getTime() + unknownForMs))
}

async function knownRooms(deps: WatchDeps, waiting: readonly WaitingNotification[]): Promise<Map<string, string[]>> {
  const ids = new Set(waiting.flatMap(({ resource_id }) => resource_id ?? []))
  const known = new Map<string, string[]>()
  for (const id of ids) {
    const rooms = await deps.roomsOfEvent(id)
    if (rooms.length > 0) known.set(id, rooms)
  }
  return known
}

function isDone(one: WaitingNotification, known: ReadonlyMap<string, string[]>, now: Date): boolean {
  if (lifecycleKinds[one.kind] !== undefined || known.has(one.resource_id ?? '')) return true
  return now.getTime() - one.received_at.getTime() >= unknownForMs
}

/** Whatever was missed, or is not known after all, may be about any room. */
function isForEverybody({ kind, resource_id }: WaitingNotification, known: ReadonlyMap<string, string[]>): boolean {
  const lifecycle = lifecycleKinds[kind]
  return lifecycle === undefined ? !known.has(resource_id ?? '') : lifecycle === 'missed'
}

/** When each provider's rooms were last all read for this, by this process. */
const everybodyAt = new WeakMap<object, Map<string, number>>()

async function everybody({ db, jobs }: WatchDeps, { provider_id: id }: SubscriptionRow, now: Date): Promise<string[]> {
  const times = everybodyAt.get(jobs) ?? new Map<string, number>()
  everybodyAt.set(jobs, times)
  if (now.getTime() - (times.get(id) ?? Number.NEGATIVE_INFINITY) < everybodyEveryMs) return []
  times.set(id, now.getTime())
  return selectRoomsOfProvider(db, id, 'windows')
}
