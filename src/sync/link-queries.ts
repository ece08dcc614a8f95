import type { Selectable, Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

/** One reservation's event: where it is, what was agreed, and when to look at it again. */
export type LinkRow = Selectable<Schema['event_links']>

export type NewLink = Pick<
  LinkRow,
  'reservation_id' | 'mailbox' | 'organizer_user_id' | 'transaction_id' | 'created_at'
>

export async function insertLink(trx: Database, link: NewLink): Promise<void> {
  await trx
    .insertInto('event_links')
    .values({ ...link, updated_at: link.created_at })
    .onConflict((conflict) => conflict.column('reservation_id').doNothing())
    .execute()
}

export async function selectLink(db: Database, reservationId: string): Promise<LinkRow | undefined> {
  return db.selectFrom('event_links').selectAll().where('reservation_id', '=', reservationId).executeTakeFirst()
}

export async function updateLink(
  trx: Database,
  reservationId: string,
  values: Updateable<Schema['event_links']>,
): Promise<void> {
  await trx.updateTable('event_links').set(values).where('reservation_id', '=', reservationId).execute()
}

/** The same, unless somebody else has written it since it was read. */
export async function updateLinkAsRead(
  trx: Database,
  { reservation_id, updated_at }: LinkRow,
  values: Updateable<Schema['event_links']>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('event_links')
    .set(values)
    .where('reservation_id', '=', reservation_id)
    .where('updated_at', '=', updated_at)
    .executeTakeFirst()
  return numUpdatedRows === 1n
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
