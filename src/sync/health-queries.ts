import { sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { SubState } from './sync-event.contract.ts'

/** What came of changes that Outlook has heard of; the others say nothing about how long that takes. */
const reachedOutlook: readonly SubState[] = ['created', 'found_again', 'changed', 'unchanged', 'removed', 'released']

export type LagRow = { count: number; p50: number | null; p95: number | null; p99: number | null }

/** From a change here until Outlook had it, in milliseconds, of those that got through since. */
export async function selectOutboundLag(db: Database, since: Date): Promise<LagRow> {
  const lag = sql`extract(epoch from processed_at - created_at) * 1000`
  const percentile = (part: number) => sql<number | null>`percentile_cont(${part}) within group (order by ${lag})`
  return db
    .selectFrom('sync_events')
    .select([
      sql<number>`count(*)::integer`.as('count'),
      percentile(0.5).as('p50'),
      percentile(0.95).as('p95'),
      percentile(0.99).as('p99'),
    ])
    .where('processed_at', '>=', since)
    .where('sub_state', 'in', reachedOutlook)
    .executeTakeFirstOrThrow()
}

export type ErrorRow = { code: string; say: string; count: number; last_at: Date }

/** It has not got through, and no later change of the same reservation has, which would have brought Outlook all of it. */
const isNotThrough = sql<boolean>`state = 'error' and not exists (
  select 1 from sync_events later
  where later.reservation_id = sync_events.reservation_id and later.seq > sync_events.seq and later.state = 'processed')`

/** Changes that have not got through, by reason, the most frequent first. Those that wait for a person's permission are no errors. */
export async function selectErrors(db: Database, since: Date): Promise<ErrorRow[]> {
  return db
    .selectFrom('sync_events')
    .select([
      sql<string>`coalesce(last_error_code, 'unknown')`.as('code'),
      sql<string>`coalesce(max(last_error_say), '')`.as('say'),
      sql<number>`count(*)::integer`.as('count'),
      sql<Date>`max(updated_at)`.as('last_at'),
    ])
    .where('state', '=', 'error')
    .where(isNotThrough)
    .where('sub_state', '<>', 'waits_for_permission')
    .where('updated_at', '>=', since)
    .groupBy('last_error_code')
    .orderBy('count', 'desc')
    .limit(50)
    .execute()
}

export type DayRow = { day: string; changes: number; errors: number }

/** Changes by the day (UTC) on which they were made, and how many of them have not got through. */
export async function selectDays(db: Database, since: Date): Promise<DayRow[]> {
  return db
    .selectFrom('sync_events')
    .select([
      sql<string>`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD')`.as('day'),
      sql<number>`count(*)::integer`.as('changes'),
      sql<number>`count(*) filter (where ${isNotThrough})::integer`.as('errors'),
    ])
    .where('created_at', '>=', since)
    .groupBy('day')
    .execute()
}
