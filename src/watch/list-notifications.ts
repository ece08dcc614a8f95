import type { Database } from '#db/database.ts'
import type { QueryOf } from '#http/contract.ts'
import { type ListedNotificationRow, selectListedNotifications } from './list-queries.ts'
import { type ChangeNotification, countedMax, type listChangeNotifications } from './notification.contract.ts'

export async function listNotifications(db: Database, query: QueryOf<typeof listChangeNotifications>) {
  const { rows, ...counts } = await selectListedNotifications(db, query, countedMax)
  return { rows: rows.map(shown), ...counts, page: query.page, pageSize: query.pageSize }
}

function shown(row: ListedNotificationRow): ChangeNotification {
  return {
    seq: row.seq,
    kind: row.kind,
    room: row.room_id === null ? null : { id: row.room_id, name: row.room_name ?? '' },
    mailbox: row.mailbox,
    subscriptionId: row.subscription_id,
    eventId: row.resource_id,
    etag: row.etag,
    receivedAt: row.received_at.toISOString(),
    handledAt: row.handled_at?.toISOString() ?? null,
    tookMs: row.handled_at === null ? null : Math.max(0, row.handled_at.getTime() - row.received_at.getTime()),
  }
}
