import { Hono } from 'hono'
import { workMail } from '#mail/jobs.ts'
import type { Mailer } from '#mail/letter.ts'
import { openPost } from '#mail/post.ts'
import type { ConfiguringDeps } from '#providers/deps.ts'
import { workProviders } from '#providers/jobs.ts'
import { probeRoom } from '#providers/probe.ts'
import type { ReservationsDeps } from '#reservations/deps.ts'
import { continueDrafts } from '#reservations/submit.ts'
import type { SyncDeps } from '#sync/deps.ts'
import { verifySoon, wakeLane } from '#sync/jobs.ts'
import { lookForReader } from '#sync/look-for-reader.ts'
import { roomsOfEvent } from '#sync/rooms-of-event.ts'
import { permissionFor, rulesOf } from '#sync/rules.ts'
import { bringBackSweeping, startSweeping, workSync } from '#sync/work.ts'
import { arrangeWatches } from '#watch/arrange.ts'
import type { WatchDeps } from '#watch/deps.ts'
import { watchCounts, watchFacts } from '#watch/facts.ts'
import { hintRoom } from '#watch/hint.ts'
import { mountNotificationDoor } from '#watch/notification-door.ts'
import { startWatching, workWatch } from '#watch/work.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** What a process does for the world: people's requests, notifications, and jobs. */
export type Engine = {
  reservations: ReservationsDeps
  watch: WatchDeps
  /** Where Graph's notifications come in. */
  door: (request: Request) => Promise<Response>
  /** Somebody has given their permission. */
  permissionGiven: (userId: string) => Promise<void>
  /** How rooms are kept in step, for administrators. */
  configuring: ConfiguringDeps
  start: () => Promise<void>
}

export type EngineParts = { resolve: SyncDeps['resolve']; mailer: Mailer }

export const notificationUrl = 'https://anteroom.example'

/** The service's own wiring (src/service.ts) over one simulated process. */
export function openEngine(process: SimulatedProcess, parts: EngineParts): Engine {
  const { jobs } = process
  const sync = syncDeps(process, parts)
  const watch = watchDeps(process, parts)
  const reservations = reservationsDeps(process, sync)
  const app = new Hono()
  mountNotificationDoor(app, watch)
  if (process.duty === 'worker') {
    workMail(jobs, { ...process, mailer: parts.mailer })
    workProviders(jobs, process)
    workSync(jobs, sync)
    bringBackSweeping(jobs)
    workWatch(jobs, watch)
  }
  return {
    reservations,
    watch,
    door: async (request) => app.fetch(request),
    permissionGiven: (userId) => continueDrafts(reservations, userId),
    configuring: configuringDeps(process, watch),
    start: async () => {
      await jobs.start()
      if (process.duty === 'web') return
      await startSweeping(sync)
      await startWatching(watch)
    },
  }
}

function syncDeps(process: SimulatedProcess, { resolve }: EngineParts): SyncDeps {
  const { db, seams, log, jobs } = process
  return {
    db,
    seams,
    log,
    jobs,
    publish,
    resolve,
    post: openPost(process),
    hintRoom: (roomId) => hintRoom(process, roomId),
  }
}

function watchDeps(process: SimulatedProcess, { resolve }: EngineParts): WatchDeps {
  const { db, seams, log, jobs } = process
  return {
    db,
    seams,
    log,
    jobs,
    publish,
    resolve,
    notificationUrl,
    apply: (executor, roomId) => wakeLane(process, executor, roomId),
    probe: (provider, room) => probeRoom({ db, seams, resolve }, provider, room),
    wholeRead: (roomId, window) => verifySoon(process, { roomId, ...window }),
    roomsOfEvent: (eventId) => roomsOfEvent(db, eventId),
  }
}

function configuringDeps({ db, seams }: SimulatedProcess, watch: WatchDeps): ConfiguringDeps {
  return {
    db,
    seams,
    publish,
    resolve: watch.resolve,
    changed: (roomIds) => arrangeWatches(watch, roomIds),
    watchFacts: (roomIds) => watchFacts(db, roomIds),
    watchCounts: (providerId) => watchCounts(db, providerId),
  }
}

function reservationsDeps(process: SimulatedProcess, sync: SyncDeps): ReservationsDeps {
  const { db, seams, log } = process
  return {
    db,
    seams,
    log,
    publish,
    post: sync.post,
    rules: (roomIds) => rulesOf(sync, roomIds),
    permission: (question, rule) => permissionFor(sync, question, rule),
    opened: (reservationId, userId) => lookForReader(process, reservationId, userId),
    wake: (executor, lane) => wakeLane(process, executor, lane),
  }
}

function publish(): void {}
