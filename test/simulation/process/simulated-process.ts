import type { Database } from '#db/database.ts'
import type { Jobs } from '#jobs/jobs.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import type { Random } from '../scheduler/random.ts'
import type { Owner, Scheduler } from '../scheduler/scheduler.ts'

/** One running copy of the service. A new one after a crash is another process with the same duty. */
export type SimulatedProcess = Owner & {
  duty: 'web' | 'worker'
  db: Database
  seams: Seams
  log: Log
  jobs: Jobs
  /** What a process knows only while it runs: how far its clock is off. */
  skewMs: number
}

export type SeamParts = {
  scheduler: Scheduler
  random: Random
  /** Told every id that the process makes up. */
  issued: (id: string) => void
}

/** The effects of one process: time is the run's (and as wrong as its clock), chance is the seed's, calls go nowhere by themselves. */
export function seamsOf(owner: Owner & { skewMs: number }, { scheduler, random, issued }: SeamParts): Seams {
  return {
    fetch: () => Promise.reject(new Error('In a simulation every call goes through an alias.')),
    now: () => new Date(scheduler.nowMs + owner.skewMs),
    newId: () => {
      const id = random.uuid(scheduler.nowMs)
      issued(id)
      return id
    },
    randomBytes: (count) => random.bytes(count),
    wait: (ms, signal) => scheduler.wait(owner, ms, signal ? { signal } : {}),
  }
}
