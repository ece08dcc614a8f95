import type { ReservationsDeps } from '#reservations/deps.ts'
import { continueDrafts } from '#reservations/submit.ts'
import type { SyncDeps } from '#sync/deps.ts'
import { wakeLane } from '#sync/jobs.ts'
import { permission } from '#sync/permission.ts'
import { startSweeping, workSync } from '#sync/work.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** What a process does for the world: people's requests, notifications, and jobs. */
export type Engine = {
  reservations: ReservationsDeps
  /** Somebody has given their permission. */
  permissionGiven: (userId: string) => Promise<void>
  start: () => Promise<void>
}

/** The service's own wiring (src/service.ts) over one simulated process. */
export function openEngine(process: SimulatedProcess, resolve: SyncDeps['resolve']): Engine {
  const { db, seams, log, jobs } = process
  const publish = () => undefined
  const sync: SyncDeps = { db, seams, log, jobs, publish, resolve }
  if (process.duty === 'worker') workSync(jobs, sync)
  const reservations: ReservationsDeps = {
    db,
    seams,
    log,
    publish,
    permission: (userId) => permission(sync, userId),
    wake: (executor, lane) => wakeLane(sync, executor, lane),
  }
  return {
    reservations,
    permissionGiven: (userId) => continueDrafts(reservations, userId),
    start: async () => {
      await jobs.start()
      await startSweeping(sync)
    },
  }
}
