import type { JobHandler, Jobs } from '#jobs/jobs.ts'
import type { WorkOptions } from '#jobs/workers.ts'
import { atCommit } from '../database/commit-hook.ts'
import type { Owner, Scheduler } from '../scheduler/scheduler.ts'
import type { SimulatedQueue } from '../scheduler/simulated-queue.ts'

/** The queue as one process sees it: the port of src/jobs. */
export function simulatedJobs(
  { scheduler, queue }: { scheduler: Scheduler; queue: SimulatedQueue },
  owner: Owner & { skewMs: number },
): Jobs {
  const handlers = new Map<string, { handler: JobHandler; options: WorkOptions }>()
  const crons: { name: string; cron: string; payload: Record<string, unknown> }[] = []
  return {
    work: (name, handler, options = {}) => void handlers.set(name, { handler, options }),
    cron: (name, cron, payload = {}) => void crons.push({ name, cron, payload }),
    add: async (name, payload, { inside, onceFor, startAfter, ...more } = {}) => {
      const options = {
        ...more,
        ...(onceFor === undefined ? {} : { onceFor }),
        ...startOf(startAfter, owner, scheduler),
      }
      if (inside) return atCommit(inside, () => queue.add(name, payload, options))
      await scheduler.pause(owner, `add ${name}`)
      queue.add(name, payload, options)
    },
    start: async () => {
      queue.join(owner, handlers)
      for (const { name, cron, payload } of crons) {
        scheduler.start(() =>
          keepAdding(scheduler, owner, { cron, add: () => queue.add(name, payload, { onceFor: 'cron' }) }),
        )
      }
    },
    stop: async () => queue.leave(owner),
  }
}

/** As src/jobs has it: a moment by the clock of the process, waited for by the clock of the database. */
function startOf(startAfter: Date | number | undefined, { skewMs }: { skewMs: number }, { nowMs }: Scheduler) {
  if (startAfter === undefined) return {}
  const seconds = typeof startAfter === 'number' ? startAfter : (startAfter.getTime() - nowMs - skewMs) / 1000
  return { startAfter: seconds }
}

const minuteMs = 60_000

/** A cron job is added some seconds into its minute. Two processes that add it come to one job: the key sees to it. */
async function keepAdding(
  scheduler: Scheduler,
  owner: Owner,
  { cron, add }: { cron: string; add: () => void },
): Promise<void> {
  for (;;) {
    const minute = (Math.floor(scheduler.nowMs / minuteMs) + 1) * minuteMs
    await scheduler.wait(owner, minute + 2_000 - scheduler.nowMs, { label: 'cron' })
    if (isDue(cron, new Date(minute))) add()
  }
}

/** Minutes and hours of a cron expression, in UTC: a number, a list, `*` or `*​/n`. The other fields must be `*`. */
export function isDue(cron: string, at: Date): boolean {
  const [minute = '*', hour = '*', ...rest] = cron.split(' ')
  if (rest.some((field) => field !== '*'))
    return (
      rest.every((field, index) => fits(field, [at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay()][index] ?? 0)) &&
      fits(minute, at.getUTCMinutes()) &&
      fits(hour, at.getUTCHours())
    )
  return fits(minute, at.getUTCMinutes()) && fits(hour, at.getUTCHours())
}

function fits(field: string, value: number): boolean {
  return field.split(',').some((part) => {
    const every = /^\*\/(\d+)$/.exec(part)?.[1]
    return part === '*' || Number(part) === value || (every !== undefined && value % Number(every) === 0)
  })
}
