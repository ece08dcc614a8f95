import { transaction } from '#db/transaction.ts'
import { assertFence, type Lease } from '#jobs/lease.ts'
import { keepWatch } from './commit-page.ts'
import type { WatchDeps } from './deps.ts'
import { probeRoomAt } from './jobs.ts'
import type { WatchRow } from './watch-queries.ts'

/** What read this room until now cannot do so: it is tried out at once what still can, and until something can the room waits. */
export async function waitForPermission(
  deps: WatchDeps,
  { watch, lease }: { watch: WatchRow; lease: Lease },
  { code, say }: { code: string; say: string },
): Promise<void> {
  const now = deps.seams.now()
  const error = { last_error_code: code, last_error_say: say.slice(0, 500), last_error_at: now }
  const waiting = {
    state: 'waiting',
    state_code: code,
    state_say: say,
    attempts: 0,
    next_read_at: null,
    next_probe_at: now,
  } as const
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    await keepWatch(trx, watch, { ...waiting, ...error, updated_at: now })
  })
  deps.log.info({ roomId: watch.room_id, code }, 'watch: a room waits for a permission')
  deps.publish({ topic: 'watch', id: watch.room_id, userId: null })
  await probeRoomAt(deps, watch.room_id, now)
}
