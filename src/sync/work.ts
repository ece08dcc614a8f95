import { z } from 'zod'
import type { Jobs } from '#jobs/jobs.ts'
import type { SyncDeps } from './deps.ts'
import { workLane } from './lane.ts'
import { look } from './look.ts'
import { sweep } from './sweep.ts'
import { verifyRoom } from './verify.ts'

const lanePayload = z.object({ lane: z.uuid() })
const lookPayload = z.object({ reservationId: z.uuid(), openedBy: z.uuid().optional() })

const verifyPayload = z.object({ roomId: z.uuid(), startsAt: z.coerce.date(), endsAt: z.coerce.date() })

const sweepEveryMs = 30_000

/** How many rooms one process works on at a time: calls to Microsoft are mostly waiting. */
const lanesAtATime = 16

/** Says what handles the jobs of this feature, before the queue starts. */
export function workSync(jobs: Jobs, deps: SyncDeps): void {
  jobs.work('sync.lane', (payload) => workLane(deps, lanePayload.parse(payload).lane), { atATime: lanesAtATime })
  jobs.work('sync.look', (payload) => look(deps, lookPayload.parse(payload)))
  jobs.work('sync.verify', async (payload) => void (await verifyRoom(deps, verifyPayload.parse(payload))), {
    atATime: 2,
  })
  jobs.work('sync.sweep', () => sweepAndGoOn(deps), { atATime: 1, attemptsMax: 2 })
}

/** The sweep keeps itself going; this, said before the queue starts, brings it back should its own chain ever break. */
export function bringBackSweeping(jobs: Jobs): void {
  jobs.cron('sync.sweep', '* * * * *')
}

/** The first sweep, after the queue has started: takes up what the last process left behind. */
export function startSweeping({ jobs }: Pick<SyncDeps, 'jobs'>): Promise<void> {
  return jobs.add('sync.sweep', {}, { onceFor: 'sweep' })
}

/** All processes come to the same next moment, so only one job is there for it. */
async function sweepAndGoOn(deps: SyncDeps): Promise<void> {
  const found = await sweep(deps)
  if (found.lanes + found.looks + found.expired > 0) deps.log.debug(found, 'sync: swept')
  const next = Math.ceil((deps.seams.now().getTime() + 1) / sweepEveryMs) * sweepEveryMs
  await deps.jobs.add('sync.sweep', {}, { onceFor: 'sweep', startAfter: new Date(next) })
}
