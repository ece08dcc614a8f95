import { createHash } from 'node:crypto'
import type pg from 'pg'
import { fromKysely, PgBoss } from 'pg-boss'
import type { Database } from '#db/database.ts'
import { listenOn } from '#db/listen.ts'
import { PreparingClient } from '#db/preparing-client.ts'
import type { Log } from '#kit/log.ts'
import type { Seams } from '#kit/seams.ts'
import { Workers, type WorkOptions } from './workers.ts'

/** What a handler is told beside its payload. */
export type JobContext = {
  /** Aborted when the process stops and its patience is over, or when the job was given to somebody else. */
  signal: AbortSignal
  /** 1 at the first attempt. */
  attempt: number
}

/** Parses its payload, which came from a table, and calls one function that is also callable without a queue. */
export type JobHandler = (payload: unknown, context: JobContext) => Promise<void>

export type AddOptions = {
  /** The transaction that this job belongs to: added when it commits, never when it does not. */
  inside?: Database
  /** At most one job of this name waits per key. A job that has begun does not count: what came up since needs another. */
  onceFor?: string
  /** Not before this moment, or so many seconds from now. */
  startAfter?: Date | number
  /** Higher goes first. A person who is waiting: 10. Bulk: 0, which is the default. */
  priority?: number
}

/** Our few words over the queue library. Names are `feature.verb`; payloads hold ids, never secrets and never decisions. */
export type Jobs = {
  /** Says what handles the jobs of a name, before `start`. */
  work(name: string, handler: JobHandler, options?: WorkOptions): void
  /** Adds a job, from any process, also one that handles none. */
  add(name: string, payload: Record<string, unknown>, options?: AddOptions): Promise<void>
  /** Adds a job at every time the expression names, in UTC, before `start`. Times missed while nothing ran are skipped. */
  cron(name: string, cron: string, payload?: Record<string, unknown>): void
  start(): Promise<void>
  /** Takes no new jobs, gives the running ones `patienceMs` to end, then closes. What did not end is taken up elsewhere. */
  stop(patienceMs?: number): Promise<void>
}

export type JobsOptions = { connection: pg.PoolConfig; log: Log } & Pick<Seams, 'now' | 'newId' | 'wait'>

/** Opens the queue in the same database as the rest. It makes its own tables, in the schema `pgboss`, at `start`. */
export function openJobs({ connection, log, now, newId, wait }: JobsOptions): Jobs {
  const boss = openBoss(connection, log)
  const workers = new Workers(boss, log)
  const crons = new Map<string, { cron: string; payload: Record<string, unknown> }>()
  const stopping = new AbortController()
  let deafen = async () => {}
  const attend = async () => {
    const [onPayload, onGap] = [(name: string) => workers.tell(name), () => workers.tellAll()]
    deafen = await listenOn(connection, { channel, onPayload, onGap, wait })
    void workers.lookForDue(wait, stopping.signal)
  }
  return {
    work: (name, handler, options = {}) => workers.register(name, handler, options),
    cron: (name, cron, payload = {}) => void crons.set(name, { cron, payload }),
    add: async (name, payload, options = {}) => {
      await workers.queueNamed(name)
      const startAfter = startOf(options.startAfter, now)
      await boss.send(name, payload, {
        singletonKey: waitingKey(options.onceFor, startAfter) ?? newId(),
        ...(startAfter ? { startAfter: secondsUntil(startAfter, now) } : {}),
        ...(options.priority === undefined ? {} : { priority: options.priority }),
        ...(options.inside ? { db: fromKysely(options.inside) } : {}),
      })
    },
    start: async () => {
      await boss.start()
      await workers.start()
      if (!workers.isEmpty()) await attend()
      await replaceSchedules(boss, workers, crons)
    },
    stop: async (patienceMs = 10_000) => {
      stopping.abort()
      await deafen()
      await boss.stop({ graceful: true, close: true, timeout: patienceMs })
    },
  }
}

/** How soon a job of a process that died is noticed: its heartbeat is 10 s (see workers.ts), the look after it this. */
const lookForLostJobsSeconds = 5

/** Left alone the library looks every 30 s, and a job was measured to start 12 s after its minute; so it is 3 s. */
const lookAtCronSeconds = 2

/** Where the library says which queue a job was added to: named after the schema of its tables. */
export const channel = `pgboss_${createHash('sha224').update('pgboss').digest('hex').slice(0, 24)}`

function openBoss(connection: pg.PoolConfig, log: Log): PgBoss {
  const options = {
    ...(connection as object),
    application_name: 'anteroom jobs',
    max: 6,
    Client: PreparingClient,
    superviseIntervalSeconds: lookForLostJobsSeconds,
    monitorIntervalSeconds: lookForLostJobsSeconds,
    cronMonitorIntervalSeconds: lookAtCronSeconds,
    cronWorkerIntervalSeconds: lookAtCronSeconds,
  }
  const boss = new PgBoss(options)
  boss.on('error', (problem) => log.error({ problem: problem.message }, 'queue: a statement failed; it is tried again'))
  boss.on('warning', (warning) => log.warn({ warning: warning.message }, 'queue: warning'))
  return boss
}

function startOf(startAfter: Date | number | undefined, now: () => Date): Date | undefined {
  return typeof startAfter === 'number' ? new Date(now().getTime() + startAfter * 1000) : startAfter
}

/**
 * The queue counts seconds from the database's clock. A moment by the clock of this process, where that is slow, would have passed
 * already: a job that puts itself off would come back at once, again and again.
 */
function secondsUntil(startAfter: Date, now: () => Date): number {
  return (startAfter.getTime() - now().getTime()) / 1000
}

/**
 * The queue refuses a second waiting job with the same key, whenever the first is due. A job put off until later must not
 * keep out one that is due at once (a person books while the lane waits out a Retry-After), so the key holds the time.
 */
function waitingKey(onceFor: string | undefined, startAfter: Date | undefined): string | undefined {
  if (onceFor === undefined) return undefined
  return startAfter ? `${onceFor} at ${startAfter.toISOString().slice(0, 19)}` : onceFor
}

/** Schedules live in the database: those of an older version of the program are taken out. */
async function replaceSchedules(
  boss: PgBoss,
  workers: Workers,
  crons: Map<string, { cron: string; payload: Record<string, unknown> }>,
): Promise<void> {
  if (workers.isEmpty()) return
  for (const old of await boss.getSchedules()) if (!crons.has(old.name)) await boss.unschedule(old.name, old.key)
  for (const [name, { cron, payload }] of crons) {
    await workers.queueNamed(name)
    await boss.schedule(name, cron, payload, { tz: 'UTC', missed: 'skip' })
  }
}
