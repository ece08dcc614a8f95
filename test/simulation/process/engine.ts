import type { Mail } from '#mail/mailer.ts'
import type { ReservationsDeps } from '#reservations/deps.ts'
import { continueDrafts } from '#reservations/submit.ts'
import type { SyncDeps } from '#sync/deps.ts'
import { wakeLane } from '#sync/jobs.ts'
import { permissionFor, rulesOf } from '#sync/rules.ts'
import { startSweeping, workSync } from '#sync/work.ts'
import type { WatchDeps } from '#watch/deps.ts'
import { hintRoom } from '#watch/hint.ts'
import { tryReading } from '#watch/try-reading.ts'
import { startWatching, workWatch } from '#watch/work.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** What a process does for the world: people's requests, notifications, and jobs. */
export type Engine = {
  reservations: ReservationsDeps
  /** Somebody has given their permission. */
  permissionGiven: (userId: string) => Promise<void>
  start: () => Promise<void>
}

export type EngineParts = { resolve: SyncDeps['resolve']; mail: (mail: Mail) => void }

export const notificationUrl = 'https://anteroom.example'

/** The service's own wiring (src/service.ts) over one simulated process. */
export function openEngine(process: SimulatedProcess, { resolve, mail }: EngineParts): Engine {
  const { db, seams, log, jobs } = process
  const publish = () => undefined
  const mailer = { send: async (one: Mail) => mail(one) }
  const watch: WatchDeps = {
    db,
    seams,
    log,
    jobs,
    publish,
    resolve,
    notificationUrl,
    apply: (executor, roomId) => wakeLane({ jobs, db }, executor, roomId),
    probe: (provider, room) => tryReading({ db, seams, resolve }, provider, room),
    roomsOfEvent: async () => [],
  }
  const sync: SyncDeps = { db, seams, log, jobs, publish, resolve, mailer, hintRoom: (roomId) => hintRoom(watch, roomId) }
  if (process.duty === 'worker') {
    workSync(jobs, sync)
    workWatch(jobs, watch)
  }
  const reservations: ReservationsDeps = {
    db,
    seams,
    log,
    publish,
    mailer,
    rules: (roomIds) => rulesOf(sync, roomIds),
    permission: (question, rule) => permissionFor(sync, question, rule),
    wake: (executor, lane) => wakeLane(sync, executor, lane),
  }
  return {
    reservations,
    permissionGiven: (userId) => continueDrafts(reservations, userId),
    start: async () => {
      await jobs.start()
      await startSweeping(sync)
      await startWatching(watch)
    },
  }
}
