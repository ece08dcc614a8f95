import type { WatchDeps } from './deps.ts'
import { readRoomSoon } from './jobs.ts'
import { coalesceMs } from './schedule.ts'
import { countHints } from './watch-queries.ts'

type HintDeps = Pick<WatchDeps, 'db' | 'jobs' | 'seams'>

/** Something may have changed in this room's calendar: it is read soon, the first time at once. A room that is not watched is not. */
export async function hintRoom(deps: HintDeps, roomId: string): Promise<void> {
  await wakeRooms(deps, await countHints(deps.db, [roomId], deps.seams.now()))
}

/**
 * Gives rooms that were hinted at their read. However much is hinted at one room, it has at most one read waiting: what this process has
 * asked for and has not begun yet will see it all. Lost with the process, it is found by the sweep.
 */
export async function wakeRooms(deps: HintDeps, roomIds: readonly string[]): Promise<void> {
  const nowMs = deps.seams.now().getTime()
  const wakes = wakesOf(deps.jobs)
  for (const roomId of roomIds) {
    const lastMs = wakes.get(roomId) ?? 0
    if (lastMs > nowMs) continue
    const atMs = Math.max(nowMs, lastMs + coalesceMs)
    wakes.delete(roomId)
    wakes.set(roomId, atMs)
    await readRoomSoon(deps, roomId, new Date(atMs))
  }
  forgetOld(wakes, nowMs)
}

/** When each room's last read was asked for, by this process. */
const wakesByQueue = new WeakMap<object, Map<string, number>>()

function wakesOf(jobs: object): Map<string, number> {
  const wakes = wakesByQueue.get(jobs) ?? new Map<string, number>()
  wakesByQueue.set(jobs, wakes)
  return wakes
}

/** The oldest are first. */
function forgetOld(wakes: Map<string, number>, nowMs: number): void {
  for (const [roomId, atMs] of wakes) {
    if (atMs + coalesceMs >= nowMs) return
    wakes.delete(roomId)
  }
}
