import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { findRoomSyncs, type RoomSync } from '#providers/room-sync.ts'
import { findRoomsById } from '#rooms/room.ts'
import type { WatchDeps } from './deps.ts'
import { probeRoomAt } from './jobs.ts'
import { deleteRoomEvents } from './mirror-queries.ts'
import { unwantRoom } from './want-subscription.ts'
import { insertWatches, probeAt, selectWatches, updateWatch, type WatchRow } from './watch-queries.ts'

/**
 * Makes the watches follow the reservable sync configurations: a room that is kept in step is watched, one that is no longer is not. Another
 * mailbox or provider begins anew; any other edit changes nothing but that the room is tried again at once.
 *
 * @param roomIds whose configurations changed; all of them when it is not known
 */
export async function arrangeWatches(deps: WatchDeps, roomIds: readonly string[] | 'all' = 'all'): Promise<void> {
  const now = deps.seams.now()
  const steps = await stepsFor(deps.db, roomIds)
  await transaction(deps.db, async (trx) => {
    await insertWatches(
      trx,
      steps.begin.map((target) => newWatch(target, now)),
    )
    for (const target of steps.repoint) await repoint(trx, target, now)
    for (const { room_id } of steps.stop) await stop(trx, room_id, now)
  })
  const known = roomIds === 'all' ? [] : steps.keep
  const toTry = [...steps.begin.map(({ roomId }) => roomId), ...steps.repoint.map(({ roomId }) => roomId), ...known]
  for (const roomId of await probeAt(deps.db, toTry, now)) await probeRoomAt(deps, roomId, now)
  for (const id of [...toTry, ...steps.stop.map(({ room_id }) => room_id)])
    deps.publish({ topic: 'watch', id, userId: null })
}

type Target = { roomId: string; providerId: string; mailbox: string; isSameMailbox: boolean }
type Steps = { begin: Target[]; repoint: Target[]; keep: string[]; stop: WatchRow[] }

async function stepsFor(db: Database, roomIds: readonly string[] | 'all'): Promise<Steps> {
  const syncs = await findRoomSyncs(db, roomIds)
  const active = [...syncs.values()].filter((sync) => sync.active)
  const rooms = await findRoomsById(
    db,
    active.map(({ roomId }) => roomId),
  )
  const watches = new Map((await selectWatches(db, roomIds)).map((watch) => [watch.room_id, watch]))
  const steps: Steps = { begin: [], repoint: [], keep: [], stop: [] }
  for (const sync of active) {
    const mailbox = rooms.get(sync.roomId)?.mailbox.toLowerCase()
    if (mailbox === undefined) continue
    const watch = watches.get(sync.roomId)
    const target = targetOf(sync, mailbox, watch)
    if (watch === undefined) steps.begin.push(target)
    else if (!isPointedAt(watch, target)) steps.repoint.push(target)
    else steps.keep.push(sync.roomId)
  }
  const wanted = new Set(active.map(({ roomId }) => roomId))
  steps.stop = [...watches.values()].filter(({ room_id, state }) => !wanted.has(room_id) && state !== 'stopped')
  return steps
}

function targetOf({ roomId, provider }: RoomSync, mailbox: string, watch: WatchRow | undefined): Target {
  return { roomId, providerId: provider.id, mailbox, isSameMailbox: watch?.mailbox === mailbox }
}

function isPointedAt(watch: WatchRow, { providerId, mailbox }: Target): boolean {
  return watch.state !== 'stopped' && watch.provider_id === providerId && watch.mailbox === mailbox
}

function newWatch({ roomId, providerId, mailbox }: Target, now: Date) {
  return {
    room_id: roomId,
    provider_id: providerId,
    mailbox,
    state: 'waiting' as const,
    state_code: 'untried',
    state_say: untried,
    next_probe_at: now,
    created_at: now,
    updated_at: now,
  }
}

const untried = 'It has not been tried yet what can be done with this mailbox. That happens by itself in a moment.'

/** What was read of another mailbox says nothing about this one; what another provider read of the same one does. */
async function repoint(
  trx: Database,
  { roomId, providerId, mailbox, isSameMailbox }: Target,
  now: Date,
): Promise<void> {
  await unwantRoom(trx, roomId, now)
  if (!isSameMailbox) await deleteRoomEvents(trx, [roomId])
  await updateWatch(trx, roomId, {
    provider_id: providerId,
    mailbox,
    state: 'waiting',
    state_code: 'untried',
    state_say: untried,
    method: null,
    alias_id: null,
    identity: null,
    capabilities: {},
    next_probe_at: now,
    delta_link: null,
    round_link: null,
    round_began_at: null,
    round_starts_at: null,
    round_ends_at: null,
    window_starts_at: null,
    window_ends_at: null,
    whole_read_at: null,
    next_read_at: null,
    loss_approved_at: null,
    attempts: 0,
    last_error_code: null,
    last_error_say: null,
    last_error_at: null,
    updated_at: now,
  })
}

/** What was read stays, and is compared again should the room be kept in step again. */
async function stop(trx: Database, roomId: string, now: Date): Promise<void> {
  await unwantRoom(trx, roomId, now)
  const nothingDue = { next_read_at: null, next_probe_at: null, next_compare_at: null }
  const say = 'The room is not kept in step any more: its sync configuration or calendar provider is not active.'
  await updateWatch(trx, roomId, { state: 'stopped', state_code: null, state_say: say, ...nothingDue, updated_at: now })
}
