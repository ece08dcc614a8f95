import type { WatchDeps } from './deps.ts'
import { refused } from './errors.ts'
import { hintRoom } from './hint.ts'
import { compareRoomAt, probeRoomAt } from './jobs.ts'
import { probeAt, selectWatch, type WatchRow } from './watch-queries.ts'

/** What somebody had begun, in a sentence. What comes of it is a live update. */
type Begun = { say: string }

/** @throws `watch.room_not_watched`, `watch.not_watching` */
export async function readNow(deps: WatchDeps, roomId: string): Promise<Begun> {
  await requireWatching(deps, roomId)
  await hintRoom(deps, roomId)
  return { say: 'The calendar is being read.' }
}

/** @throws `watch.room_not_watched`, `watch.not_watching` */
export async function compareNow(deps: WatchDeps, roomId: string): Promise<Begun> {
  await requireWatching(deps, roomId)
  await compareRoomAt(deps, roomId, deps.seams.now())
  return { say: 'Everything in the calendar is being compared with what is known of it.' }
}

/** A held room is not tried: it waits for a person's word. @throws `watch.room_not_watched`, `watch.not_watching` */
export async function probeNow(deps: WatchDeps, roomId: string): Promise<Begun> {
  const watch = await requireWatch(deps, roomId)
  const now = deps.seams.now()
  const tried = await probeAt(deps.db, [roomId], now)
  if (tried.length === 0) throw notWatching(watch)
  await probeRoomAt(deps, roomId, now)
  return { say: 'It is being tried what can be done with the calendar.' }
}

async function requireWatching(deps: WatchDeps, roomId: string): Promise<void> {
  const watch = await requireWatch(deps, roomId)
  if (watch.state !== 'watching') throw notWatching(watch)
}

async function requireWatch({ db }: WatchDeps, roomId: string): Promise<WatchRow> {
  const watch = await selectWatch(db, roomId)
  if (watch === undefined) throw refused('watch.room_not_watched')
  return watch
}

function notWatching({ state_say: say }: WatchRow) {
  return refused('watch.not_watching', say === null ? {} : { say: `This room is not being read now. ${say}` })
}
