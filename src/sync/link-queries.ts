import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

/** One reservation's event: whose it is, where it is, what was agreed, and when to look at it again. */
export type LinkRow = Selectable<Schema['event_links']>

/** @returns the new link; undefined when somebody made it meanwhile. */
export async function insertLink(
  trx: Database,
  link: Omit<Insertable<Schema['event_links']>, 'updated_at'>,
): Promise<LinkRow | undefined> {
  return trx
    .insertInto('event_links')
    .values({ ...link, updated_at: link.created_at })
    .onConflict((conflict) => conflict.column('reservation_id').doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function selectLink(db: Database, reservationId: string): Promise<LinkRow | undefined> {
  return db.selectFrom('event_links').selectAll().where('reservation_id', '=', reservationId).executeTakeFirst()
}

/** Links to one meeting: one for each room it holds or has held. */
export async function selectLinksOfMeeting(db: Database, iCalUId: string): Promise<LinkRow[]> {
  return db
    .selectFrom('event_links')
    .selectAll()
    .where('i_cal_uid', '=', iCalUId)
    .orderBy('created_at', 'desc')
    .orderBy('reservation_id', 'desc')
    .execute()
}

/** Reservations whose event has this id in some mailbox: Graph's ids are only unique within one. */
export async function selectReservationsOfEvent(db: Database, eventId: string): Promise<string[]> {
  const rows = await db.selectFrom('event_links').select('reservation_id').where('event_id', '=', eventId).execute()
  return rows.map((row) => row.reservation_id)
}

export async function updateLink(
  trx: Database,
  reservationId: string,
  values: Updateable<Schema['event_links']>,
): Promise<void> {
  await trx.updateTable('event_links').set(values).where('reservation_id', '=', reservationId).execute()
}

/** Events whose time to be looked at has come, longest waiting first. */
export async function selectDueLooks(db: Database, now: Date, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('event_links')
    .select('reservation_id')
    .where('next_look_at', '<=', now)
    .orderBy('next_look_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.reservation_id)
}
