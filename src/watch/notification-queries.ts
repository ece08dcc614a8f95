import type { Insertable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

/** The newest notification of a room that is not handled yet, `0` when there is none. */
export async function newestNotification(db: Database, roomId: string): Promise<string> {
  const row = await db
    .selectFrom('change_notifications')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .where('room_id', '=', roomId)
    .where('handled_at', 'is', null)
    .executeTakeFirst()
  return String(row?.seq ?? '0')
}

/** What they hinted at was read and has come to its end. */
export async function markHandled(
  trx: Database,
  roomId: string,
  { upTo, now }: { upTo: string; now: Date },
): Promise<void> {
  if (upTo === '0') return
  await trx
    .updateTable('change_notifications')
    .set({ handled_at: now })
    .where('room_id', '=', roomId)
    .where('handled_at', 'is', null)
    .where('seq', '<=', upTo)
    .execute()
}

export type NewNotification = Omit<Insertable<Schema['change_notifications']>, 'seq' | 'handled_at'>

const rowsMax = 1_000

/** Stores them. @returns those that say something new; the rest were told before */
export async function insertNotifications(
  trx: Database,
  rows: readonly NewNotification[],
): Promise<{ subscription_id: string; room_id: string | null }[]> {
  const fresh: { subscription_id: string; room_id: string | null }[] = []
  for (let at = 0; at < rows.length; at += rowsMax) {
    const inserted = await trx
      .insertInto('change_notifications')
      .values(rows.slice(at, at + rowsMax))
      .onConflict((conflict) => conflict.doNothing())
      .returning(['subscription_id', 'room_id'])
      .execute()
    fresh.push(...inserted)
  }
  return fresh
}

export type WaitingNotification = { seq: string; resource_id: string | null; kind: string; received_at: Date }

/** What a subscription on the delegated mailbox was told, and was not told on yet. */
export async function selectWaiting(
  db: Database,
  subscriptionId: string,
  limit: number,
): Promise<WaitingNotification[]> {
  return db
    .selectFrom('change_notifications')
    .select(['seq', 'resource_id', 'kind', 'received_at'])
    .where('subscription_id', '=', subscriptionId)
    .where('handled_at', 'is', null)
    .orderBy('seq')
    .limit(limit)
    .execute()
}

export async function markToldOn(trx: Database, seqs: readonly string[], now: Date): Promise<void> {
  if (seqs.length === 0) return
  await trx.updateTable('change_notifications').set({ handled_at: now }).where('seq', 'in', seqs).execute()
}

/** Subscriptions without a room that were told something that waits since then. */
export async function selectToldWithoutRoom(db: Database, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('change_notifications')
    .select('subscription_id')
    .distinct()
    .where('room_id', 'is', null)
    .where('handled_at', 'is', null)
    .where('received_at', '<=', before)
    .execute()
  return rows.map(({ subscription_id }) => subscription_id)
}

/** They carry figures until then, and tell what was told before. */
export async function deleteNotificationsBefore(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('change_notifications').where('received_at', '<', before).execute()
}
