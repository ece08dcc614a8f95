import { transaction } from '#db/transaction.ts'
import { mergeCapabilities } from '#providers/capability.ts'
import type { Capabilities } from '#providers/contract.ts'
import type { WatchDeps } from './deps.ts'
import { probeRoomAt } from './jobs.ts'
import { probeAt, selectWatch, updateWatch } from './watch-queries.ts'

/** Somebody tried a room by hand: what was found is kept, and the way of watching follows from it by the next try, which is now. */
export async function noteCapabilities(deps: WatchDeps, roomId: string, found: Partial<Capabilities>): Promise<void> {
  const now = deps.seams.now()
  await learn(deps, roomId, found)
  for (const id of await probeAt(deps.db, [roomId], now)) await probeRoomAt(deps, id, now)
}

/** Something more is known of what can be done with a room's mailbox. */
export async function learn(
  { db, seams }: Pick<WatchDeps, 'db' | 'seams'>,
  roomId: string,
  found: Partial<Capabilities>,
): Promise<void> {
  await transaction(db, async (trx) => {
    const watch = await selectWatch(trx, roomId)
    if (watch === undefined) return
    const capabilities = mergeCapabilities(watch.capabilities, found)
    await updateWatch(trx, roomId, { capabilities, updated_at: seams.now() })
  })
}
