import { transaction } from '#db/transaction.ts'
import { assertFence } from '#jobs/lease.ts'
import { keepWatch } from './commit-page.ts'
import type { WatchDeps } from './deps.ts'
import type { Loss } from './loss-guard.ts'
import type { Reading } from './reading.ts'

/** Stops a room and asks. What was missing stays as it was known; nothing is read or changed until somebody says which it is. */
export async function hold(
  deps: WatchDeps,
  { watch, lease, roomName }: Reading,
  { code, coming, missing }: Loss & { code: 'mass_loss' | 'many_deletions' },
): Promise<void> {
  const now = deps.seams.now()
  const say = `${missing} of ${coming} coming meetings are no longer in the calendar of ${roomName}. Nothing was changed here. Say whether they are gone, or have the calendar read again.`
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    await keepWatch(trx, watch, {
      state: 'held',
      state_code: code,
      state_say: say,
      next_read_at: null,
      updated_at: now,
    })
  })
  deps.log.warn({ roomId: watch.room_id, code, coming, missing }, 'watch: a room is held until a person decides')
  deps.publish({ topic: 'watch', id: watch.room_id, userId: null })
}
