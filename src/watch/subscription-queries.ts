import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'
import type { KnownSubscription } from './notification-judgement.ts'

export type SubscriptionRow = Selectable<Schema['subscriptions']>
export type SubscriptionValues = Updateable<Schema['subscriptions']>

/** States in which a subscription is wanted: there is one such row for each resource at most. */
export const wantedStates = ['creating', 'active', 'failed'] as const

export function selectSubscription(db: Database, id: string): Promise<SubscriptionRow | undefined> {
  return db.selectFrom('subscriptions').selectAll().where('id', '=', id).executeTakeFirst()
}

export function selectWanted(db: Database, resource: string): Promise<SubscriptionRow | undefined> {
  return db
    .selectFrom('subscriptions')
    .selectAll()
    .where('resource', '=', resource)
    .where('state', 'in', wantedStates)
    .executeTakeFirst()
}

/** False when another process made one for this resource first. */
export async function insertSubscription(trx: Database, row: Insertable<Schema['subscriptions']>): Promise<boolean> {
  const inserted = await trx
    .insertInto('subscriptions')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function updateSubscription(trx: Database, id: string, values: SubscriptionValues): Promise<void> {
  await trx.updateTable('subscriptions').set(values).where('id', '=', id).execute()
}

/** What is no longer wanted is taken away at that moment. @returns the ids */
export async function unwant(
  trx: Database,
  which: { roomId: string } | { id: string } | { providerId: string },
  { at, now }: { at: Date; now: Date },
): Promise<string[]> {
  const query = trx
    .updateTable('subscriptions')
    .set({ state: 'removing', renew_at: at, attempts: 0, told: null, proving_until: null, updated_at: now })
    .where('state', 'in', wantedStates)
  const chosen =
    'roomId' in which
      ? query.where('room_id', '=', which.roomId)
      : 'id' in which
        ? query.where('id', '=', which.id)
        : query.where('provider_id', '=', which.providerId).where('room_id', 'is', null)
  return (await chosen.returning('id').execute()).map(({ id }) => id)
}

/** Those that notifications may come from, by Graph's id. One that is being taken away still tells. */
export async function selectByExternalId(
  db: Database,
  externalIds: readonly string[],
): Promise<Map<string, KnownSubscription>> {
  if (externalIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('subscriptions')
    .select(['id', 'room_id', 'external_id', 'nonce', 'client_state_hash'])
    .where('external_id', 'in', externalIds)
    .where('state', '<>', 'removed')
    .execute()
  return new Map(
    rows.map(({ id, room_id, external_id, nonce, client_state_hash }) => [
      external_id ?? '',
      { id, roomId: room_id, externalId: external_id ?? '', nonce, clientStateHash: client_state_hash },
    ]),
  )
}

/** Once in a while is enough to know that they work. */
const notedEveryMs = 15_000

export async function noteNotified(trx: Database, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return
  const before = new Date(now.getTime() - notedEveryMs)
  await trx
    .updateTable('subscriptions')
    .set({ last_notification_at: now })
    .where('id', 'in', ids)
    .where(({ eb, or }) => or([eb('last_notification_at', 'is', null), eb('last_notification_at', '<', before)]))
    .execute()
}

export async function countRefused(trx: Database, refused: ReadonlyMap<string, number>): Promise<void> {
  for (const [id, count] of refused) {
    await trx
      .updateTable('subscriptions')
      .set({ refused: sql`refused + ${count}` })
      .where('id', '=', id)
      .execute()
  }
}

/** Graph said something about it: it is looked after at once. What it said of one that is not wanted any more does not matter. */
export async function noteLifecycle(
  trx: Database,
  id: string,
  { told, now }: { told: 'reauthorize' | 'removed'; now: Date },
): Promise<void> {
  await trx
    .updateTable('subscriptions')
    .set({ told, renew_at: now })
    .where('id', '=', id)
    .where('state', '=', 'active')
    .execute()
}

/** Was anything told about this room since, by a subscription that is still good? */
export async function isProven(db: Database, roomId: string, since: Date): Promise<boolean> {
  const row = await db
    .selectFrom('subscriptions')
    .select('id')
    .where('room_id', '=', roomId)
    .where('state', '=', 'active')
    .where('last_notification_at', '>=', since)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Those that something is to be done about, the longest due first. */
export async function selectDueSubscriptions(db: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('subscriptions')
    .select('id')
    .where('state', '<>', 'removed')
    .where('renew_at', '<=', now)
    .orderBy('renew_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** How many were made for a resource since, so that nobody can have us make them without end. */
export async function countMadeSince(db: Database, resource: string, since: Date): Promise<number> {
  const row = await db
    .selectFrom('subscriptions')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('resource', '=', resource)
    .where('created_at', '>=', since)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Of these of Graph's ids, the ones that we know and want. */
export async function selectKept(db: Database, externalIds: readonly string[]): Promise<Set<string>> {
  return new Set((await selectByExternalId(db, externalIds)).keys())
}

/** Resources for which one is being made just now: Graph may know it before we do. */
export async function selectResourcesInMaking(db: Database): Promise<Set<string>> {
  const rows = await db.selectFrom('subscriptions').select('resource').where('state', '=', 'creating').execute()
  return new Set(rows.map(({ resource }) => resource.toLowerCase()))
}

/** Subscriptions on delegated mailboxes that are wanted, by provider. */
export async function selectDelegated(db: Database): Promise<SubscriptionRow[]> {
  return db
    .selectFrom('subscriptions')
    .selectAll()
    .where('room_id', 'is', null)
    .where('state', 'in', wantedStates)
    .execute()
}

/** Wanted ones at another address than this are made anew, one after another until then. @returns how many */
export async function selectAtOtherNonce(db: Database, nonce: string): Promise<string[]> {
  const rows = await db
    .selectFrom('subscriptions')
    .select('id')
    .where('nonce', '<>', nonce)
    .where('state', 'in', wantedStates)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

export async function deleteRemovedBefore(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('subscriptions').where('state', '=', 'removed').where('updated_at', '<', before).execute()
}
