import type { SyncDeps } from './deps.ts'

/** A page that is drawn again and again is one opening. */
const afreshEveryMs = 5_000

const rememberedMax = 10_000

/** When each page was last read afresh, by this process. */
const openings = new WeakMap<object, Map<string, number>>()

/** Somebody has opened a reservation's page: what Outlook has is read afresh. */
export async function lookForReader(
  { jobs, seams }: Pick<SyncDeps, 'jobs' | 'seams'>,
  reservationId: string,
  userId: string,
): Promise<void> {
  const key = `${reservationId} ${userId}`
  const nowMs = seams.now().getTime()
  const last = openings.get(jobs) ?? new Map<string, number>()
  openings.set(jobs, last)
  if (nowMs - (last.get(key) ?? 0) < afreshEveryMs) return
  if (last.size >= rememberedMax) last.clear()
  last.set(key, nowMs)
  await jobs.add('sync.look', { reservationId, openedBy: userId }, { onceFor: key, priority: 10 })
}
