import { type Selectable, type SelectQueryBuilder, sql } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'
import type { WatchState } from './contract.ts'
import type { ItemState } from './item.contract.ts'
import type { SubscriptionState } from './subscription.contract.ts'

export type WatchedRoomRow = Selectable<Schema['watched_rooms']>
export type ListedSubscriptionRow = Selectable<Schema['listed_subscriptions']>
export type ListedNotificationRow = Selectable<Schema['listed_notifications']>
export type CalendarItemsRow = Selectable<Schema['calendar_items']>

type Filter<Narrowing> = ListQuery & { [Name in keyof Narrowing]?: Narrowing[Name] | undefined }

const roomSorting = {
  columns: {
    room: folded('room_name'),
    provider: folded('provider_name'),
    state: plain('state'),
    readAt: plain('read_at'),
    nextReadAt: plain('next_read_at'),
    drift: plain('drift_found'),
  },
  fallback: folded('room_name'),
  tieBreaker: 'room_id',
}

type RoomNarrowing = { state: WatchState; method: 'delta' | 'windows'; providerId: string; hasDrift: boolean }

export async function selectWatchedRooms(db: Database, filter: Filter<RoomNarrowing>) {
  let query = db.selectFrom('watched_rooms').selectAll()
  if (filter.q) {
    const text = sql<string>`room_name || ' ' || mailbox || ' ' || building_name`
    query = query.where(text, 'ilike', containing(filter.q))
  }
  if (filter.state) query = query.where('state', '=', filter.state)
  if (filter.method) query = query.where('method', '=', filter.method)
  if (filter.providerId) query = query.where('provider_id', '=', filter.providerId)
  if (filter.hasDrift !== undefined) query = query.where('drift', filter.hasDrift ? '>' : '=', 0)
  return readPage(query, filter, roomSorting)
}

export async function selectWatchedRoom(db: Database, roomId: string): Promise<WatchedRoomRow | undefined> {
  return db.selectFrom('watched_rooms').selectAll().where('room_id', '=', roomId).executeTakeFirst()
}

/** When each of these rooms was last told of by a subscription that is good. */
export async function selectNotified(db: Database, roomIds: readonly string[]): Promise<Map<string, Date | null>> {
  if (roomIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('subscriptions')
    .select(['room_id', 'last_notification_at'])
    .where('room_id', 'in', roomIds)
    .where('state', '=', 'active')
    .execute()
  return new Map(
    rows.flatMap(({ room_id, last_notification_at }) => (room_id ? [[room_id, last_notification_at]] : [])),
  )
}

const subscriptionSorting = {
  columns: {
    mailbox: plain('mailbox'),
    provider: folded('provider_name'),
    state: plain('state'),
    expiresAt: plain('expires_at'),
    renewAt: plain('renew_at'),
    lastNotificationAt: plain('last_notification_at'),
  },
  fallback: plain('mailbox'),
  tieBreaker: 'id',
}

type SubscriptionNarrowing = { state: SubscriptionState; providerId: string; roomId: string }

/** Those that were removed are shown only when they are asked for. */
export async function selectListedSubscriptions(db: Database, filter: Filter<SubscriptionNarrowing>) {
  let query = db.selectFrom('listed_subscriptions').selectAll()
  if (filter.q) {
    const text = sql<string>`mailbox || ' ' || coalesce(room_name, '') || ' ' || coalesce(external_id, '')`
    query = query.where(text, 'ilike', containing(filter.q))
  }
  query = filter.state ? query.where('state', '=', filter.state) : query.where('state', '<>', 'removed')
  if (filter.providerId) query = query.where('provider_id', '=', filter.providerId)
  if (filter.roomId) query = query.where('room_id', '=', filter.roomId)
  return readPage(query, filter, subscriptionSorting)
}

export async function countSubscriptionsByNonce(db: Database): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('subscriptions')
    .select(({ fn }) => ['nonce', fn.countAll<string>().as('count')])
    .where('state', 'in', ['active', 'removing'])
    .groupBy('nonce')
    .execute()
  return new Map(rows.map(({ nonce, count }) => [nonce, Number(count)]))
}

type NotificationNarrowing = { roomId: string; subscriptionId: string; isHandled: boolean }

export async function selectListedNotifications(
  db: Database,
  filter: Filter<NotificationNarrowing>,
  countedMax: number,
) {
  let query = db.selectFrom('listed_notifications').selectAll()
  if (filter.q) {
    const text = sql<string>`mailbox || ' ' || coalesce(room_name, '') || ' ' || kind`
    query = query.where(text, 'ilike', containing(filter.q))
  }
  if (filter.roomId) query = query.where('room_id', '=', filter.roomId)
  if (filter.subscriptionId) query = query.where('subscription_id', '=', filter.subscriptionId)
  if (filter.isHandled !== undefined) query = query.where('handled_at', filter.isHandled ? 'is not' : 'is', null)
  return cappedPage(query, filter, { column: 'seq', countedMax })
}

type ItemNarrowing = {
  roomId: string
  state: ItemState
  isGone: boolean
  decision: string
  reservationId: string
  iCalUId: string
}

export async function selectCalendarItems(db: Database, filter: Filter<ItemNarrowing>, countedMax: number) {
  let query = db.selectFrom('calendar_items').selectAll()
  if (filter.q) {
    const text = sql<string>`room_name || ' ' || (view ->> 'subject') || ' ' || coalesce(view -> 'organizer' ->> 'name', '')`
    query = query.where(text, 'ilike', containing(filter.q))
  }
  if (filter.roomId) query = query.where('room_id', '=', filter.roomId)
  if (filter.state === 'compared') query = query.where('plan_due_at', 'is', null)
  if (filter.state === 'due') query = query.where('plan_due_at', 'is not', null).where('plan_attempts', '=', 0)
  if (filter.state === 'failed') query = query.where('plan_due_at', 'is not', null).where('plan_attempts', '>', 0)
  if (filter.isGone !== undefined) query = query.where('gone_at', filter.isGone ? 'is not' : 'is', null)
  if (filter.decision) query = query.where('decision', '=', filter.decision)
  if (filter.reservationId) query = query.where('reservation_id', '=', filter.reservationId)
  if (filter.iCalUId) query = query.where('i_cal_uid', '=', filter.iCalUId)
  return cappedPage(query, filter, { column: 'changed_at', countedMax })
}

export async function selectCalendarItem(db: Database, id: string): Promise<CalendarItemsRow | undefined> {
  return db.selectFrom('calendar_items').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Makes these due now. @returns each with its room; what does not exist is left out */
export async function makeDue(
  trx: Database,
  ids: readonly string[],
  now: Date,
): Promise<{ id: string; room_id: string }[]> {
  return trx
    .updateTable('room_events')
    .set({ plan_due_at: now, plan_attempts: 0, last_error_code: null, last_error_say: null })
    .where('id', 'in', ids)
    .returning(['id', 'room_id'])
    .execute()
}

type Capped = { column: string; countedMax: number }

/** The latest first. Tables that grow without end are not counted to their end. */
async function cappedPage<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  { page, pageSize }: ListQuery,
  { column, countedMax }: Capped,
): Promise<{ rows: O[]; total: number; totalIsAtLeast: boolean }> {
  const rows = await query
    .orderBy(sql.ref(column), 'desc')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  if (page === 1 && rows.length < pageSize) return { rows, total: rows.length, totalIsAtLeast: false }
  const counted = await query
    .clearSelect()
    .select(sql<number>`1`.as('one'))
    .limit(countedMax + 1)
    .execute()
  return { rows, total: Math.min(counted.length, countedMax), totalIsAtLeast: counted.length > countedMax }
}
