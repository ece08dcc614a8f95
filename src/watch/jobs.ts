import type { WatchDeps } from './deps.ts'

/** What lies further ahead than this is left to the sweep, so that the queue holds no job per room for hours. */
export const aheadMsMax = 30_000

/** Somebody waits for these, or something has changed; the rest are looks at rooms in which nothing may have. */
const interactive = 10

type JobDeps = Pick<WatchDeps, 'jobs' | 'seams'>

/** A read of a room at a moment, unless the sweep comes by sooner. One job waits per room and second. */
export async function readRoomAt(deps: JobDeps, roomId: string, at: Date, priority = 0): Promise<void> {
  await addAt(deps, { name: 'watch.read', payload: { roomId }, onceFor: roomId, at, priority })
}

/** A read now, before all those that nobody waits for. */
export async function readRoomSoon(deps: JobDeps, roomId: string, at: Date): Promise<void> {
  await readRoomAt(deps, roomId, at, interactive)
}

export async function probeRoomAt(deps: JobDeps, roomId: string, at: Date): Promise<void> {
  await addAt(deps, { name: 'watch.probe', payload: { roomId }, onceFor: roomId, at, priority: 0 })
}

export async function compareRoomAt(deps: JobDeps, roomId: string, at: Date): Promise<void> {
  await addAt(deps, { name: 'watch.compare', payload: { roomId }, onceFor: roomId, at, priority: 0 })
}

/** Whatever a subscription needs: to be made, renewed, looked after, taken away. */
export async function subscribeAt(deps: JobDeps, subscriptionId: string, at: Date): Promise<void> {
  await addAt(deps, { name: 'watch.subscribe', payload: { subscriptionId }, onceFor: subscriptionId, at, priority: 0 })
}

/** What was told of the delegated mailbox is to be told on to the rooms it is about. */
export async function spreadAt(deps: JobDeps, subscriptionId: string, at: Date): Promise<void> {
  await addAt(deps, {
    name: 'watch.spread',
    payload: { subscriptionId },
    onceFor: subscriptionId,
    at,
    priority: interactive,
  })
}

type Adding = { name: string; payload: Record<string, string>; onceFor: string; at: Date; priority: number }

async function addAt({ jobs, seams }: JobDeps, { name, payload, onceFor, at, priority }: Adding): Promise<void> {
  const inMs = at.getTime() - seams.now().getTime()
  if (inMs > aheadMsMax) return
  await jobs.add(name, payload, { onceFor, priority, ...(inMs > 0 ? { startAfter: at } : {}) })
}
