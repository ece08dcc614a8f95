import { type Insertable, type Selectable, sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type OutboxRow = Selectable<Schema['reservation_outbox']>

export async function insertOutbox(trx: Database, row: Insertable<Schema['reservation_outbox']>): Promise<void> {
  await trx.insertInto('reservation_outbox').values(row).execute()
}

/**
 * The first row of a lane that may go now. Not those that wait for their time or for a permission, nor one whose reservation has
 * an earlier row, nor one whose time another reservation has yet to give back: the room would decline it.
 */
export async function selectNext(db: Database, lane: string, now: Date): Promise<OutboxRow | undefined> {
  const { rows } = await sql<OutboxRow>`
    select this.* from reservation_outbox this join reservations on reservations.id = this.reservation_id
    where this.lane = ${lane} and this.done_at is null and this.not_before <= ${now}
      and this.waits_for_permission_of is null
      and not exists (
        select 1 from reservation_outbox earlier
        where earlier.lane = this.lane and earlier.seq < this.seq and earlier.done_at is null
          and (earlier.reservation_id = this.reservation_id
            or (earlier.waits_for_permission_of is null
              and tstzrange(earlier.frees_from, earlier.frees_until) && tstzrange(reservations.starts_at, reservations.ends_at)
              and earlier.frees_from is not null and this.action <> 'cancel')))
    order by this.seq limit 1`.execute(db)
  return rows[0]
}

/**
 * When the next row of a lane that waits only for its time may go; null when none does. One whose time has come and that did not go
 * waits for another row, and goes with it.
 */
export async function selectNextMoment(db: Database, lane: string, now: Date): Promise<Date | null> {
  const row = await db
    .selectFrom('reservation_outbox')
    .select(({ fn }) => fn.min('not_before').as('moment'))
    .where('lane', '=', lane)
    .where('done_at', 'is', null)
    .where('not_before', '>', now)
    .where('waits_for_permission_of', 'is', null)
    .executeTakeFirst()
  return row?.moment ?? null
}

/** Lanes that have something to do now. */
export async function selectWaitingLanes(db: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('reservation_outbox')
    .select('lane')
    .distinct()
    .where('done_at', 'is', null)
    .where('waits_for_permission_of', 'is', null)
    .where('not_before', '<=', now)
    .limit(limit)
    .execute()
  return rows.map(({ lane }) => lane)
}

export async function selectUndone(db: Database, reservationId: string): Promise<OutboxRow[]> {
  return db
    .selectFrom('reservation_outbox')
    .selectAll()
    .where('reservation_id', '=', reservationId)
    .where('done_at', 'is', null)
    .orderBy('seq')
    .execute()
}

/** Is a reservation of exactly this room and time still to be made outside, or may it have been without our knowing? */
export async function existsCreateUnderWay(
  db: Database,
  { lane, startsAt, endsAt }: { lane: string; startsAt: Date; endsAt: Date },
): Promise<boolean> {
  const row = await db
    .selectFrom('reservation_outbox')
    .innerJoin('reservations', 'reservations.id', 'reservation_outbox.reservation_id')
    .select('reservation_outbox.seq')
    .where('reservation_outbox.lane', '=', lane)
    .where('reservation_outbox.done_at', 'is', null)
    .where('reservations.starts_at', '=', startsAt)
    .where('reservations.ends_at', '=', endsAt)
    .where('reservations.in_calendar', '=', false)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Everything of a reservation up to a row is done: a later state contains the earlier ones. */
export async function finishThrough(
  trx: Database,
  { reservationId, seq, now }: { reservationId: string; seq: string; now: Date },
): Promise<void> {
  await trx
    .updateTable('reservation_outbox')
    .set({ done_at: now })
    .where('reservation_id', '=', reservationId)
    .where('seq', '<=', seq)
    .where('done_at', 'is', null)
    .execute()
}

export async function finishAll(trx: Database, reservationId: string, now: Date): Promise<void> {
  await trx
    .updateTable('reservation_outbox')
    .set({ done_at: now })
    .where('reservation_id', '=', reservationId)
    .where('done_at', 'is', null)
    .execute()
}

export async function updatePostponed(trx: Database, seq: string, notBefore: Date): Promise<void> {
  await trx
    .updateTable('reservation_outbox')
    .set((eb) => ({ not_before: notBefore, attempts: eb('attempts', '+', 1) }))
    .where('seq', '=', seq)
    .execute()
}

export async function updateWaitsForPermission(trx: Database, seq: string, userId: string): Promise<void> {
  await trx.updateTable('reservation_outbox').set({ waits_for_permission_of: userId }).where('seq', '=', seq).execute()
}

/** @returns what waited for this person's permission and may now go on. */
export async function releaseWaiting(
  trx: Database,
  userId: string,
  now: Date,
): Promise<{ lane: string; reservation_id: string }[]> {
  return trx
    .updateTable('reservation_outbox')
    .set({ waits_for_permission_of: null, not_before: now })
    .where('waits_for_permission_of', '=', userId)
    .where('done_at', 'is', null)
    .returning(['lane', 'reservation_id'])
    .execute()
}
