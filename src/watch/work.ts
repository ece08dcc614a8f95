import { z } from 'zod'
import type { Jobs } from '#jobs/jobs.ts'
import { compareRoom } from './compare.ts'
import type { WatchDeps } from './deps.ts'
import { keepSubscription } from './keep-subscription.ts'
import { removeOrphans } from './orphans.ts'
import { probeRoom } from './probe.ts'
import { readRoom } from './read.ts'
import { registryOf } from './registry.ts'
import { spreadNotifications } from './spread.ts'
import { forgetOld, sweep } from './sweep.ts'

const roomPayload = z.object({ roomId: z.uuid() })
const subscriptionPayload = z.object({ subscriptionId: z.uuid() })

const sweepEveryMs = 30_000

/** Reads wait for Graph most of their time. */
const readsAtATime = 16

/** Says what handles the jobs of this feature, before the queue starts. */
export function workWatch(jobs: Pick<Jobs, 'work' | 'cron'>, deps: WatchDeps): void {
  jobs.work('watch.read', (payload) => readRoom(deps, roomPayload.parse(payload).roomId), { atATime: readsAtATime })
  jobs.work('watch.probe', (payload) => probeRoom(deps, roomPayload.parse(payload).roomId))
  jobs.work('watch.compare', (payload) => compareRoom(deps, roomPayload.parse(payload).roomId), { atATime: 2 })
  jobs.work('watch.subscribe', (payload) => keepSubscription(deps, subscriptionPayload.parse(payload).subscriptionId))
  jobs.work('watch.spread', (payload) => spreadNotifications(deps, subscriptionPayload.parse(payload).subscriptionId))
  jobs.work('watch.forget', () => forgetOld(deps))
  jobs.work('watch.orphans', async () => void (await removeOrphans(deps)))
  jobs.cron('watch.forget', '10 * * * *')
  jobs.cron('watch.orphans', '50 2 * * *')
  jobs.work('watch.sweep', () => sweepAndGoOn(deps), { atATime: 1, attemptsMax: 2 })
  // The sweep keeps itself going; this brings it back should its own chain ever break.
  jobs.cron('watch.sweep', '* * * * *')
}

/** The first sweep, after the queue has started: takes up what the last process left behind. */
export async function startWatching(deps: Pick<WatchDeps, 'jobs' | 'db' | 'seams'>): Promise<void> {
  await registryOf(deps)
  await deps.jobs.add('watch.sweep', {}, { onceFor: 'sweep' })
}

/** All processes come to the same next moment, so only one job is there for it. */
async function sweepAndGoOn(deps: WatchDeps): Promise<void> {
  const found = await sweep(deps)
  if (Object.values(found).some((count) => count > 0)) deps.log.debug(found, 'watch: swept')
  const next = Math.ceil((deps.seams.now().getTime() + 1) / sweepEveryMs) * sweepEveryMs
  await deps.jobs.add('watch.sweep', {}, { onceFor: 'sweep', startAfter: new Date(next) })
}
