import { until } from '../../test/support/until.ts'
import type { Stage } from './stage.ts'

/** Waits until these rooms are watched, by changes and with notifications. */
export async function untilWatched({ db }: Stage, roomIds: readonly string[]): Promise<void> {
  const allHeard = async () => {
    const watches = await db
      .selectFrom('room_watches')
      .innerJoin('subscriptions', 'subscriptions.room_id', 'room_watches.room_id')
      .select('room_watches.room_id')
      .where('room_watches.state', '=', 'watching')
      .where('room_watches.method', '=', 'delta')
      .where('subscriptions.state', '=', 'active')
      .where('room_watches.room_id', 'in', roomIds)
      .execute()
    return new Set(watches.map(({ room_id }) => room_id)).size === roomIds.length
  }
  await until(allHeard, { what: 'every room is watched, with notifications', timeoutMs: 120_000 })
}
