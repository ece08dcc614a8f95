import { sql } from 'kysely'
import type { Database } from '#db/database.ts'

export type LagRow = { count: number; p50: number | null; p95: number | null; p99: number | null }

/** From a notification's arrival until what it hinted at had been read and applied, in milliseconds, of those that came since. */
export async function selectInboundLag(db: Database, since: Date): Promise<LagRow> {
  const lag = sql`extract(epoch from handled_at - received_at) * 1000`
  const percentile = (part: number) => sql<number | null>`percentile_cont(${part}) within group (order by ${lag})`
  return db
    .selectFrom('change_notifications')
    .select([
      sql<number>`count(*)::integer`.as('count'),
      percentile(0.5).as('p50'),
      percentile(0.95).as('p95'),
      percentile(0.99).as('p99'),
    ])
    .where('received_at', '>=', since)
    .where('handled_at', 'is not', null)
    .executeTakeFirstOrThrow()
}

/** How many notifications came on each day (UTC) since. */
export async function selectNotificationsPerDay(db: Database, since: Date): Promise<{ day: string; count: number }[]> {
  return db
    .selectFrom('change_notifications')
    .select([
      sql<string>`to_char(received_at at time zone 'UTC', 'YYYY-MM-DD')`.as('day'),
      sql<number>`count(*)::integer`.as('count'),
    ])
    .where('received_at', '>=', since)
    .groupBy('day')
    .execute()
}

export type WaitingNotifications = { count: number; oldest_at: Date | null }

export async function selectWaitingNotifications(db: Database): Promise<WaitingNotifications> {
  return db
    .selectFrom('change_notifications')
    .select([sql<number>`count(*)::integer`.as('count'), sql<Date | null>`min(received_at)`.as('oldest_at')])
    .where('handled_at', 'is', null)
    .where('room_id', 'is not', null)
    .executeTakeFirstOrThrow()
}

/** Calendar items that have not been compared, and since when the longest waiting one was due. */
export async function selectDueItems(db: Database, now: Date): Promise<WaitingNotifications> {
  return db
    .selectFrom('room_events')
    .select([sql<number>`count(*)::integer`.as('count'), sql<Date | null>`min(plan_due_at)`.as('oldest_at')])
    .where('plan_due_at', '<=', now)
    .executeTakeFirstOrThrow()
}

export type RoomCounts = {
  watching: number
  waiting: number
  held: number
  stopped: number
  /** Watched, and the last attempts to read failed. */
  troubled: number
  /** Watched, and long overdue to be read. */
  late: number
  drifted: number
  drift: number
  drift_found: number
  unread_hints: number
  oldest_hint_at: Date | null
}

export async function selectRoomCounts(db: Database, overdueSince: Date): Promise<RoomCounts> {
  const count = (condition: ReturnType<typeof sql>) => sql<number>`count(*) filter (where ${condition})::integer`
  const isUnread = sql`state = 'watching' and hints > read_hints`
  return db
    .selectFrom('room_watches')
    .select([
      count(sql`state = 'watching'`).as('watching'),
      count(sql`state = 'waiting'`).as('waiting'),
      count(sql`state = 'held'`).as('held'),
      count(sql`state = 'stopped'`).as('stopped'),
      count(sql`state = 'watching' and attempts > 0`).as('troubled'),
      count(sql`state = 'watching' and attempts = 0 and next_read_at < ${overdueSince}`).as('late'),
      count(sql`state <> 'stopped' and drift > 0`).as('drifted'),
      sql<number>`coalesce(sum(drift) filter (where state <> 'stopped'), 0)::integer`.as('drift'),
      sql<number>`coalesce(sum(drift_found), 0)::integer`.as('drift_found'),
      count(isUnread).as('unread_hints'),
      sql<Date | null>`min(hinted_at) filter (where ${isUnread})`.as('oldest_hint_at'),
    ])
    .executeTakeFirstOrThrow()
}

/** How rooms are watched, what needs somebody first. */
export async function selectRoomStates(db: Database, { overdueSince, limit }: { overdueSince: Date; limit: number }) {
  const urgency = sql`case
    when state = 'held' then 0
    when state = 'waiting' then 1
    when state = 'watching' and attempts > 0 then 2
    when state = 'watching' and next_read_at < ${overdueSince} then 3
    when state = 'watching' and drift > 0 then 4
    when state = 'stopped' then 6
    else 5 end`
  return db
    .selectFrom('room_watches')
    .select([
      'room_id',
      'state',
      'state_code',
      'state_say',
      'method',
      'identity',
      'read_at',
      'next_read_at',
      'drift',
      'attempts',
      'last_error_code',
      'last_error_say',
      'last_error_at',
      sql<Date | null>`case when hints > read_hints then hinted_at end`.as('unread_since'),
    ])
    .orderBy(urgency)
    .orderBy('room_id')
    .limit(limit)
    .execute()
}

export type SubscriptionCounts = {
  active: number
  /** Active, and about to lapse without having been renewed. */
  expiring: number
  failed: number
  under_way: number
  next_expiry_at: Date | null
  failed_say: string | null
}

export async function selectSubscriptionCounts(db: Database, lapsesBefore: Date): Promise<SubscriptionCounts> {
  return db
    .selectFrom('subscriptions')
    .select([
      sql<number>`count(*) filter (where state = 'active')::integer`.as('active'),
      sql<number>`count(*) filter (where state = 'active' and expires_at < ${lapsesBefore})::integer`.as('expiring'),
      sql<number>`count(*) filter (where state = 'failed')::integer`.as('failed'),
      sql<number>`count(*) filter (where state in ('creating', 'removing'))::integer`.as('under_way'),
      sql<Date | null>`min(expires_at) filter (where state = 'active')`.as('next_expiry_at'),
      sql<string | null>`min(last_error_say) filter (where state = 'failed')`.as('failed_say'),
    ])
    .where('state', '<>', 'removed')
    .executeTakeFirstOrThrow()
}
