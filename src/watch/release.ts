import { recordAudit } from '#audit/audit.ts'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { findRoom } from '#rooms/room.ts'
import type { HoldWord } from './contract.ts'
import type { WatchDeps } from './deps.ts'
import { refused } from './errors.ts'
import { readRoomSoon } from './jobs.ts'
import { clearMissing } from './mirror-queries.ts'
import { selectWatch, updateWatchAsSeen, type WatchValues } from './watch-queries.ts'

/**
 * Lets a held room go on. `they_are_gone`: what is missing is asked for by its id, however much it is, and what is not there is gone.
 * `read_again`: what is missing is forgotten, and the whole calendar read anew; should it still be missing, the room is held again.
 *
 * @throws `watch.room_not_watched`, `watch.not_held`
 */
export async function releaseHold(
  deps: WatchDeps,
  { roomId, word }: { roomId: string; word: HoldWord },
  { actor, requestId }: { actor: Pick<Actor, 'userId' | 'displayName'>; requestId: string },
): Promise<void> {
  const { db, seams } = deps
  const now = seams.now()
  const watch = await selectWatch(db, roomId)
  const room = await findRoom(db, roomId)
  if (watch === undefined || room === undefined) throw refused('watch.room_not_watched')
  await transaction(db, async (trx) => {
    const values = { state: 'watching', state_code: null, state_say: null, next_read_at: now, updated_at: now } as const
    const held = { ...watch, state: 'held' as const }
    if (!(await updateWatchAsSeen(trx, held, { ...values, ...wordValues(word, now) }))) throw refused('watch.not_held')
    if (word === 'read_again') await clearMissing(trx, roomId, 'all')
    await recordAudit(trx, {
      actorId: actor.userId,
      actorName: actor.displayName,
      action: 'watch.hold_released',
      subject: { kind: 'room', id: roomId, name: room.name },
      details: { word, because: watch.state_say },
      requestId,
    })
  })
  deps.publish({ topic: 'watch', id: roomId, userId: null })
  await readRoomSoon(deps, roomId, now)
}

function wordValues(word: HoldWord, now: Date): WatchValues {
  if (word === 'they_are_gone') return { loss_approved_at: now }
  return { delta_link: null, round_link: null, round_began_at: null, whole_read_at: null }
}
