import type { Database } from '#db/database.ts'
import type { SyncDeps } from './deps.ts'

/** What lies further ahead than this is left to the sweep, so that the queue holds no job per reservation for days. */
const aheadMsMax = 30_000

/** People wait for these; everything else can. */
const interactive = 10

/** Says that a lane has work: changes to push, or a calendar that was read. One job waits per lane. */
export function wakeLane({ jobs, db }: Pick<SyncDeps, 'jobs' | 'db'>, executor: Database, lane: string): Promise<void> {
  const inside = executor === db ? {} : { inside: executor }
  return jobs.add('sync.lane', { lane }, { onceFor: lane, priority: interactive, ...inside })
}

/** The lane again at a moment, unless the sweep comes by sooner. */
export async function laneAt({ jobs, seams }: SyncDeps, lane: string, moment: Date): Promise<void> {
  const inMs = moment.getTime() - seams.now().getTime()
  if (inMs <= aheadMsMax) {
    await jobs.add('sync.lane', { lane }, { onceFor: lane, priority: interactive, startAfter: moment })
  }
}

/** A room was read in full: what should be there and was never seen is asked for. */
export async function verifySoon(
  { jobs }: Pick<SyncDeps, 'jobs'>,
  { roomId, startsAt, endsAt }: { roomId: string; startsAt: Date; endsAt: Date },
): Promise<void> {
  const payload = { roomId, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
  await jobs.add('sync.verify', payload, { onceFor: roomId })
}

/** A look at one reservation's event after so many milliseconds, unless the sweep comes by sooner. */
export async function lookSoon(
  { jobs }: Pick<SyncDeps, 'jobs'>,
  reservationId: string,
  afterMs: number,
): Promise<void> {
  if (afterMs > aheadMsMax) return
  const startAfter = afterMs > 0 ? { startAfter: afterMs / 1000 } : {}
  await jobs.add('sync.look', { reservationId }, { onceFor: reservationId, priority: interactive, ...startAfter })
}
