import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { WatchDeps } from './deps.ts'
import { wakeRooms } from './hint.ts'
import { spreadAt, subscribeAt } from './jobs.ts'
import { lifecycleKinds } from './lifecycle.ts'
import type { ReceivedItem } from './notification-body.ts'
import { type Judged, judgeItems } from './notification-judgement.ts'
import { insertNotifications, type NewNotification } from './notification-queries.ts'
import { openRefusalNotes, type RefusalNotes } from './refusal-notes.ts'
import { countRefused, noteLifecycle, noteNotified, selectByExternalId } from './subscription-queries.ts'
import { countHints } from './watch-queries.ts'

/** Requests that arrive within this share one transaction: a commit costs the same for one as for a hundred. */
const gatherMs = 4

/** Items that one transaction takes. */
const batchMax = 2_000

/** More than this would take longer to store than Graph waits: it is told to come again. */
const waitingMax = 20_000

/** Graph counts a slow answer against us, and tries again what it is told was not stored. */
const patienceMs = 2_500

export type Taken = 'stored' | 'not_stored'
type Waiting = { nonce: string; items: readonly ReceivedItem[]; settle: (taken: Taken) => void }
type IntakeDeps = Pick<WatchDeps, 'db' | 'seams' | 'jobs' | 'log'>

/**
 * Takes notifications in: stored first, acknowledged then. What they hint at is read by jobs; should those be lost, the counters that were
 * stored with them tell the sweep.
 */
export class Intake {
  readonly #deps: IntakeDeps
  readonly #refusals: RefusalNotes
  #waiting: Waiting[] = []
  #count = 0
  #storing = false

  constructor(deps: IntakeDeps) {
    this.#deps = deps
    this.#refusals = openRefusalNotes(deps)
  }

  /** Resolves when the items are committed, or when that took too long. */
  async take(nonce: string, items: readonly ReceivedItem[]): Promise<Taken> {
    if (items.length === 0) return 'stored'
    if (this.#count + items.length > waitingMax) return 'not_stored'
    this.#count += items.length
    const { promise, resolve } = Promise.withResolvers<Taken>()
    this.#waiting.push({ nonce, items, settle: resolve })
    if (!this.#storing) void this.#storeAll()
    const late = new AbortController()
    const given = await Promise.race([promise, this.#deps.seams.wait(patienceMs, late.signal).then(() => null)])
    late.abort()
    return given ?? 'not_stored'
  }

  async #storeAll(): Promise<void> {
    this.#storing = true
    try {
      while (this.#waiting.length > 0) {
        await this.#deps.seams.wait(gatherMs)
        await this.#storeBatch(this.#nextBatch())
      }
    } finally {
      this.#storing = false
    }
  }

  #nextBatch(): Waiting[] {
    const batch: Waiting[] = []
    for (let count = 0; this.#waiting.length > 0; ) {
      count += this.#waiting[0]?.items.length ?? 0
      if (count > batchMax && batch.length > 0) break
      batch.push(...this.#waiting.splice(0, 1))
    }
    return batch
  }

  async #storeBatch(batch: readonly Waiting[]): Promise<void> {
    let taken: Taken = 'not_stored'
    try {
      const stored = await store(this.#deps, batch)
      taken = 'stored'
      this.#refusals.note(stored.refused)
      // Nobody waits for these: what is lost here is found by the sweep.
      void wake(this.#deps, stored).catch((cause: unknown) =>
        this.#deps.log.warn({ problem: String(cause) }, 'watch: jobs of notifications were not added'),
      )
    } catch (cause) {
      this.#deps.log.error(
        { problem: String(cause), requests: batch.length },
        'watch: notifications could not be stored; Graph sends them again',
      )
    }
    for (const { items, settle } of batch) {
      this.#count -= items.length
      settle(taken)
    }
  }
}

type Stored = { rooms: string[]; delegated: string[]; lifecycle: string[]; refused: Judged['refused'] }

async function store({ db, seams }: IntakeDeps, batch: readonly Waiting[]): Promise<Stored> {
  const items = batch.flatMap(({ nonce, items: all }) => all.map((item) => ({ nonce, item })))
  const now = seams.now()
  return transaction(db, async (trx) => {
    const known = await selectByExternalId(trx, [...new Set(items.map(({ item }) => item.subscriptionId))])
    const judged = judgeItems(items, known)
    await countRefused(trx, judged.refused)
    const fresh = await insertNotifications(
      trx,
      judged.accepted.map((one) => rowOf(one, now)),
    )
    await noteNotified(trx, [...new Set(judged.accepted.map(({ subscription }) => subscription.id))], now)
    const lifecycle = await noteLifecycleEvents(trx, judged, now)
    const rooms = await countHints(trx, distinct(fresh.map(({ room_id }) => room_id)), now)
    const delegated = distinct(
      fresh.filter(({ room_id }) => room_id === null).map(({ subscription_id }) => subscription_id),
    )
    return { rooms, delegated, lifecycle, refused: judged.refused }
  })
}

function rowOf({ item, subscription }: Judged['accepted'][number], now: Date): NewNotification {
  return {
    subscription_id: subscription.id,
    room_id: subscription.roomId,
    kind: item.kind,
    resource_id: item.resourceId,
    etag: item.etag,
    received_at: now,
  }
}

/** What is to be done about a subscription is written on it, so that no job has to survive. */
async function noteLifecycleEvents(trx: Database, { accepted }: Judged, now: Date): Promise<string[]> {
  const told: string[] = []
  for (const { item, subscription } of accepted) {
    const what = lifecycleKinds[item.kind]
    if (what === undefined || what === 'missed') continue
    await noteLifecycle(trx, subscription.id, { told: what, now })
    told.push(subscription.id)
  }
  return distinct(told)
}

async function wake(deps: IntakeDeps, { rooms, delegated, lifecycle }: Stored): Promise<void> {
  const now = deps.seams.now()
  await wakeRooms(deps, rooms)
  for (const id of delegated) await spreadAt(deps, id, now)
  for (const id of lifecycle) await subscribeAt(deps, id, now)
}

function distinct(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((id) => id !== null))]
}
