import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import { type Database, openDatabase } from '#db/database.ts'
import { startManagedPostgres } from '#db/managed-postgres.ts'
import { transaction } from '#db/transaction.ts'
import { type Jobs, openJobs } from '#jobs/jobs.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { type Figure, figure, percentile } from './figure.ts'

/**
 * The queue on the managed PostgreSQL with everything durable: how soon a job starts, how many pass, what a killed worker
 * costs, cron, jobs in our own transaction, and what it costs to do nothing.
 */
export async function measure(): Promise<Figure[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'anteroom-bench-'))
  const server = await startManagedPostgres({
    dataDir: path.join(folder, 'postgres'),
    log: silentLog,
    wait: realSeams.wait,
  })
  const db = openDatabase(server.connection)
  try {
    const figures = [
      ...(await wakeUp(server.connection)),
      ...(await throughput(server.connection)),
      ...(await insideTransactions(server.connection, db)),
      ...(await lostWorker(server.connection)),
      ...(await idle(server.connection)),
      ...(await cron(server.connection)),
    ]
    return figures
  } finally {
    await db.destroy()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function withJobs<T>(
  connection: pg.PoolConfig,
  set: (jobs: Jobs) => void,
  use: (jobs: Jobs) => Promise<T>,
): Promise<T> {
  const jobs = openJobs({ connection, log: silentLog, ...realSeams })
  set(jobs)
  await jobs.start()
  try {
    return await use(jobs)
  } finally {
    await jobs.stop(1_000)
  }
}

/** From the call of `add` to the first line of the handler, one job at a time. */
async function wakeUp(connection: pg.PoolConfig): Promise<Figure[]> {
  let started: (at: number) => void = () => {}
  const latencies = await withJobs(
    connection,
    (jobs) => jobs.work('bench.wake', async () => started(performance.now())),
    async (jobs) => {
      const found: number[] = []
      for (let n = 0; n < 200; n++) {
        const startedAt = new Promise<number>((resolve) => (started = resolve))
        const addedAt = performance.now()
        await jobs.add('bench.wake', { n })
        found.push((await startedAt) - addedAt)
        await wait(10)
      }
      return found
    },
  )
  const polling = await pollingLatencies(connection)
  const peer = 'the same library, polling every 0.5 s'
  return [
    figure({
      what: 'add to start, median',
      value: percentile(latencies, 50),
      unit: 'ms',
      peer,
      peerValue: percentile(polling, 50),
      goal: 'at most 20 ms',
      holds: (ms) => ms <= 20,
    }),
    figure({
      what: 'add to start, 95 %',
      value: percentile(latencies, 95),
      unit: 'ms',
      peer,
      peerValue: percentile(polling, 95),
      goal: 'at most 50 ms',
      holds: (ms) => ms <= 50,
    }),
    figure({
      what: 'add to start, slowest of 200',
      value: Math.max(...latencies),
      unit: 'ms',
      peer,
      peerValue: Math.max(...polling),
      goal: 'at most 500 ms',
      holds: (ms) => ms <= 500,
    }),
  ]
}

async function pollingLatencies(connection: pg.PoolConfig): Promise<number[]> {
  const boss = new PgBoss({ ...(connection as object), schema: 'peer' })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.createQueue('poll')
  const found: number[] = []
  await boss.work<{ addedAt: number }>('poll', { pollingIntervalSeconds: 0.5 }, async ([job]) => {
    if (job) found.push(performance.now() - job.data.addedAt)
  })
  for (let n = 0; n < 20; n++) {
    await boss.send('poll', { addedAt: performance.now() })
    await until(() => found.length > n)
    await wait((n * 37) % 500)
  }
  await boss.stop({ graceful: false })
  return found
}

async function throughput(connection: pg.PoolConfig): Promise<Figure[]> {
  const count = 2_000
  let done = 0
  const seconds = await withJobs(
    connection,
    () => undefined,
    async (adding) => {
      for (let n = 0; n < count; n += 50) {
        await Promise.all(Array.from({ length: 50 }, (_, k) => adding.add('bench.many', { n: n + k })))
      }
      const startedAt = performance.now()
      return withJobs(
        connection,
        (jobs) => jobs.work('bench.many', async () => void done++, { atATime: 4 }),
        async () => {
          await until(() => done === count)
          return (performance.now() - startedAt) / 1000
        },
      )
    },
  )
  const peer = 'four workers that rest until their next poll (computed)'
  return [
    figure({
      what: 'jobs that do nothing, four at a time',
      value: count / seconds,
      unit: 'jobs/s',
      peer,
      peerValue: 8,
      goal: 'at least 300 jobs/s',
      holds: (rate) => rate >= 300,
    }),
  ]
}

async function insideTransactions(connection: pg.PoolConfig, db: Database): Promise<Figure[]> {
  const ran: unknown[] = []
  await withJobs(
    connection,
    (jobs) => jobs.work('bench.inside', async (payload) => void ran.push(payload)),
    async (jobs) => {
      for (let n = 0; n < 40; n++) {
        await transaction(db, async (trx) => {
          await jobs.add('bench.inside', { n }, { inside: trx })
          if (n % 2) throw new Error('undo')
        }).catch(() => undefined)
      }
      await until(() => ran.length >= 20)
      await wait(1_000)
    },
  )
  return [
    figure({
      what: 'jobs of 20 committed and 20 undone transactions that ran',
      value: ran.length,
      unit: 'jobs',
      peer: 'what must run',
      peerValue: 20,
      goal: 'exactly 20',
      holds: (jobs) => jobs === 20,
    }),
  ]
}

async function lostWorker(connection: pg.PoolConfig): Promise<Figure[]> {
  const seconds = await withJobs(
    connection,
    () => undefined,
    async (adding) => {
      const worker = startLostWorker(connection)
      await lineFrom(worker, 'ready')
      await adding.add('bench.lost', {})
      await lineFrom(worker, 'taken')
      worker.kill('SIGKILL')
      return recovery(connection)
    },
  )
  return [
    figure({
      what: 'kill -9 of a worker until its job runs elsewhere',
      value: seconds,
      unit: 's',
      peer: "the library's own expiry",
      peerValue: 900,
      goal: 'at most 25 s',
      holds: (value) => value <= 25,
    }),
  ]
}

async function recovery(connection: pg.PoolConfig): Promise<number> {
  const killedAt = performance.now()
  const recovered = Promise.withResolvers<void>()
  return withJobs(
    connection,
    (jobs) => jobs.work('bench.lost', async () => recovered.resolve()),
    async () => {
      await recovered.promise
      return (performance.now() - killedAt) / 1000
    },
  )
}

function startLostWorker(connection: pg.PoolConfig): ChildProcess {
  const script = path.join(import.meta.dirname, 'queue', 'lost-worker.ts')
  return spawn(process.execPath, [script, JSON.stringify(connection)], { stdio: ['ignore', 'pipe', 'inherit'] })
}

async function lineFrom(child: ChildProcess, expected: string): Promise<void> {
  for (let text = ''; !text.includes(expected); )
    if (child.stdout) text += String((await once(child.stdout, 'data'))[0])
}

/** Fifteen kinds of jobs, as many as the product has, and nothing to do. */
async function idle(connection: pg.PoolConfig): Promise<Figure[]> {
  const percent = await withJobs(
    connection,
    (jobs) => {
      for (let n = 0; n < 15; n++) jobs.work(`bench.idle${n}`, async () => undefined)
    },
    async () => {
      await wait(3_000)
      const before = process.cpuUsage()
      await wait(10_000)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 100_000
    },
  )
  return [
    figure({
      what: 'processor time of 15 kinds of jobs with nothing to do',
      value: percent,
      unit: '% of a core',
      peer: 'one core',
      peerValue: 100,
      goal: 'at most 6 %',
      holds: (value) => value <= 6,
    }),
  ]
}

async function cron(connection: pg.PoolConfig): Promise<Figure[]> {
  const fired = Promise.withResolvers<Date>()
  // The library makes up for the minute that has begun; what counts is the first minute that begins while it runs.
  const minuteOfStart = new Date().getMinutes()
  const secondOfMinute = await withJobs(
    connection,
    (jobs) => {
      jobs.work('bench.cron', async () => {
        const at = new Date()
        if (at.getMinutes() !== minuteOfStart) fired.resolve(at)
      })
      jobs.cron('bench.cron', '* * * * *')
    },
    async () => {
      const at = await fired.promise
      return at.getSeconds() + at.getMilliseconds() / 1000
    },
  )
  return [
    figure({
      what: 'a cron job starts after its minute',
      value: secondOfMinute,
      unit: 's',
      peer: "cron's own grain",
      peerValue: 60,
      goal: 'at most 5 s',
      holds: (value) => value <= 5,
    }),
  ]
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(2)
}
