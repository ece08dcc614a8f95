import type { Database } from '#db/database.ts'
import { until } from './until.ts'

/** Waits until these rooms, or all, are watched with the application's permission, by changes and with notifications. */
export async function untilRoomsAreWatched(db: Database, roomIds: readonly string[] | 'all' = 'all'): Promise<void> {
  const allHeard = async () => {
    const watches = db
      .selectFrom('room_watches')
      .leftJoin('subscriptions', (join) =>
        join.onRef('subscriptions.room_id', '=', 'room_watches.room_id').on('subscriptions.state', '=', 'active'),
      )
      .select(['room_watches.room_id', 'room_watches.state', 'room_watches.method', 'subscriptions.id'])
    const rows = await (roomIds === 'all' ? watches : watches.where('room_watches.room_id', 'in', roomIds)).execute()
    const heard = rows.filter(({ state, method, id }) => state === 'watching' && method === 'delta' && id !== null)
    return rows.length > 0 && heard.length === rows.length
  }
  await until(allHeard, { what: 'the rooms are watched, with notifications', timeoutMs: 120_000 })
}
