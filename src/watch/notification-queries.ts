import type { Database } from '#db/database.ts'

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
