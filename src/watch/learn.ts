import { transaction } from '#db/transaction.ts'
import { mergeCapabilities } from '#providers/capability.ts'
import type { Capabilities } from '#providers/contract.ts'
import type { WatchDeps } from './deps.ts'
import { selectWatch, updateWatch } from './watch-queries.ts'

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
