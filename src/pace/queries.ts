import { sql } from 'kysely'
import { clock, inFuture } from '#db/clock.ts'
import type { Database } from '#db/database.ts'

/** Whose limit it is: one application at one mailbox. */
export type Lane = { application: string; mailbox: string }
export type Urgency = 'interactive' | 'bulk'

/**
 * Exchange lets one application make four calls at a time to one mailbox (Graph throttling limits, Outlook service). One is left free,
 * for a call that took longer than its slot and for what else uses the same application.
 */
export const slotsMax = 3

export type Taking = Lane & {
  process: string
  /** Names this one taking, so that a slot that lapsed and was taken by another is not given back by us. */
  holder: string
  urgency: Urgency
  /** How many slots this process has already. */
  inside: number
  /** Which slot to try first; others try another, so that they seldom meet. */
  preferred: number
  ttlMs: number
}

/**
 * Takes a free slot, in one statement; null when there is none for this caller now: all are taken, the mailbox is paused, or another
 * process that waits goes first. Who waits with fewer slots goes before us, if at least as urgent. A bulk caller leaves the last slot while
 * somebody interactive waits.
 */
export async function takeSlot(db: Database, taking: Taking): Promise<number | null> {
  const { application, mailbox, process, holder, urgency, inside, preferred, ttlMs } = taking
  const bulk = urgency === 'bulk'
  const taken = sql`select count(*) from mailbox_slots as taken
    where taken.application = ${application} and taken.mailbox = ${mailbox} and taken.expires_at > ${clock}`
  const { rows } = await sql<{ slot: number }>`
    insert into mailbox_slots (application, mailbox, slot, holder, expires_at)
    select ${application}, ${mailbox}, free.slot, ${holder}, ${inFuture(ttlMs)}
    from (select 1 as slot union all select 2 union all select 3) as free
    where not exists (select 1 from mailbox_slots as taken
        where taken.application = ${application} and taken.mailbox = ${mailbox} and taken.slot = free.slot
          and taken.expires_at > ${clock})
      and not exists (select 1 from mailbox_pauses as paused
        where paused.application = ${application} and paused.mailbox = ${mailbox} and paused.paused_until > ${clock})
      and not exists (select 1 from mailbox_waits as other
        where other.application = ${application} and other.mailbox = ${mailbox} and other.process <> ${process}
          and other.expires_at > ${clock} and (other.urgency = 'interactive' or ${bulk})
          and (other.inside < ${inside} or (${bulk} and other.urgency = 'interactive' and (${taken}) >= ${slotsMax - 1})))
    order by abs(free.slot - ${preferred})
    limit 1
    on conflict (application, mailbox, slot) do update set holder = excluded.holder, expires_at = excluded.expires_at
      where mailbox_slots.expires_at <= ${clock}
    returning slot`.execute(db)
  return rows[0]?.slot ?? null
}

export async function releaseSlot(db: Database, { application, mailbox }: Lane, holder: string): Promise<void> {
  await db
    .deleteFrom('mailbox_slots')
    .where('application', '=', application)
    .where('mailbox', '=', mailbox)
    .where('holder', '=', holder)
    .execute()
}

export type Wait = Lane & { process: string; urgency: Urgency; inside: number }

/** Lets the other processes know that this one waits; it lapses by itself. */
export async function noteWait(db: Database, wait: Wait, ttlMs: number): Promise<void> {
  const { urgency, inside } = wait
  const values = { urgency, inside, expires_at: inFuture(ttlMs) }
  await db
    .insertInto('mailbox_waits')
    .values({ ...wait, expires_at: inFuture(ttlMs) })
    .onConflict((conflict) => conflict.columns(['application', 'mailbox', 'process']).doUpdateSet(values))
    .execute()
}

export async function forgetWait(db: Database, { application, mailbox }: Lane, process: string): Promise<void> {
  await db
    .deleteFrom('mailbox_waits')
    .where('application', '=', application)
    .where('mailbox', '=', mailbox)
    .where('process', '=', process)
    .execute()
}

/** Milliseconds until the mailbox may be called again; 0 when it may. */
export async function selectPauseMs(db: Database, { application, mailbox }: Lane): Promise<number> {
  const row = await db
    .selectFrom('mailbox_pauses')
    .select(['paused_until', clock.as('now')])
    .where('application', '=', application)
    .where('mailbox', '=', mailbox)
    .executeTakeFirst()
  return row === undefined ? 0 : Math.max(0, row.paused_until.getTime() - row.now.getTime())
}

/** A pause only ever grows: of two answers the one that asks for more is right. */
export async function notePause(db: Database, lane: Lane, waitMs: number): Promise<void> {
  await db
    .insertInto('mailbox_pauses')
    .values({ ...lane, paused_until: inFuture(waitMs) })
    .onConflict((conflict) =>
      conflict
        .columns(['application', 'mailbox'])
        .doUpdateSet((row) => ({ paused_until: row.ref('excluded.paused_until') }))
        .whereRef('mailbox_pauses.paused_until', '<', 'excluded.paused_until'),
    )
    .execute()
}

/** What lapsed is in nobody's way, only in the table's. */
export async function deleteLapsed(db: Database): Promise<void> {
  await db.deleteFrom('mailbox_slots').where('expires_at', '<=', clock).execute()
  await db.deleteFrom('mailbox_waits').where('expires_at', '<=', clock).execute()
  await db.deleteFrom('mailbox_pauses').where('paused_until', '<=', clock).execute()
}
