import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listenOn } from '#db/listen.ts'
import { transaction } from '#db/transaction.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { channel, type Jobs, openJobs } from './jobs.ts'

let database: TestDatabase
let jobs: Jobs
const seen: Record<'held' | 'plain' | 'inside' | 'many' | 'later' | 'once', unknown[]> = {
  plain: [],
  inside: [],
  many: [],
  later: [],
  once: [],
  held: [],
}
let failures = 0
const gate = Promise.withResolvers<void>()
const heldGate = Promise.withResolvers<void>()

beforeAll(async () => {
  database = await freshDatabase()
  jobs = openJobs({ connection: database.connection, log: silentLog, ...realSeams })
  const remember = (name: keyof typeof seen) => async (payload: unknown) => void seen[name].push(payload)
  jobs.work('test.plain', remember('plain'))
  jobs.work('test.inside', remember('inside'))
  jobs.work('test.many', remember('many'))
  jobs.work('test.later', remember('later'))
  jobs.work('test.failing', async (_payload, { attempt }) => {
    failures = attempt
    if (attempt < 3) throw new Error('not yet')
  })
  // One at a time: with a second loop free, a waiting job would begin at once and make room for another.
  const holdFirst = async (payload: unknown) => {
    await remember('once')(payload)
    await gate.promise
  }
  jobs.work('test.once', holdFirst, { atATime: 1 })
  jobs.work('test.held', async (payload) => {
    const { holds } = payload as { holds: boolean }
    seen.held.push(payload)
    if (holds) await heldGate.promise
  })
  jobs.cron('test.plain', '0 4 * * *')
  await jobs.start()
})

afterAll(async () => {
  await jobs.stop()
  await database.drop()
})

test('a job reaches its handler with its payload', async () => {
  await jobs.add('test.plain', { room: 'aspen' })
  await vi.waitFor(() => expect(seen.plain).toContainEqual({ room: 'aspen' }))
})

test('the library says on the channel that we listen to which queue has a job', async () => {
  const heard: string[] = []
  const deafen = await listenOn(database.connection, {
    channel,
    onPayload: (name) => void heard.push(name),
    wait: realSeams.wait,
  })
  await jobs.add('test.plain', { room: 'birch' })
  await vi.waitFor(() => expect(heard).toContain('test.plain'))
  await deafen()
})

test('a job added inside a transaction exists only when it commits', async () => {
  const undone = transaction(database.db, async (trx) => {
    await jobs.add('test.inside', { committed: false }, { inside: trx })
    throw new Error('undo')
  })
  await expect(undone).rejects.toThrow('undo')
  await transaction(database.db, (trx) => jobs.add('test.inside', { committed: true }, { inside: trx }))
  await vi.waitFor(() => expect(seen.inside).toEqual([{ committed: true }]))
})

test('one job waits per key, and one that runs does not keep out the next', async () => {
  await jobs.add('test.once', { turn: 1 }, { onceFor: 'lane' })
  await vi.waitFor(() => expect(seen.once).toEqual([{ turn: 1 }]))
  const hourAhead = { onceFor: 'lane', startAfter: 3600 }
  await jobs.add('test.once', { turn: 'put off' }, hourAhead)
  for (let loop = 0; loop < 3; loop++) await jobs.add('test.once', { turn: 2, loop }, { onceFor: 'lane' })
  gate.resolve()
  await vi.waitFor(() => expect(seen.once).toEqual([{ turn: 1 }, { turn: 2, loop: 0 }]))
})

test('while jobs hold all loops but one, others begin all the same, also those whose time comes', async () => {
  for (let n = 0; n < 3; n++) await jobs.add('test.held', { holds: true, n })
  await vi.waitFor(() => expect(seen.held).toHaveLength(3))
  await jobs.add('test.held', { holds: false, n: 3 })
  await jobs.add('test.held', { holds: false, n: 4 }, { startAfter: 1 })
  await vi.waitFor(() => expect(seen.held).toHaveLength(5), { timeout: 10_000 })
  for (let n = 5; n < 8; n++) await jobs.add('test.held', { holds: false, n })
  await vi.waitFor(() => expect(seen.held).toHaveLength(8), { timeout: 10_000 })
  heldGate.resolve()
})

test('a handler that throws is tried again', async () => {
  await jobs.add('test.failing', {})
  await vi.waitFor(() => expect(failures).toBe(3), { timeout: 20_000 })
})

test('a backlog is worked off, each job once', async () => {
  for (let n = 0; n < 60; n++) await jobs.add('test.many', { n })
  await vi.waitFor(() => expect(seen.many.length).toBeGreaterThanOrEqual(60), { timeout: 30_000, interval: 20 })
  expect(new Set(seen.many.map((payload) => JSON.stringify(payload))).size).toBe(60)
})

test('a job starts when its time has come', async () => {
  const startedAt = performance.now()
  await jobs.add('test.later', {}, { startAfter: 1 })
  await vi.waitFor(() => expect(seen.later).toHaveLength(1), { timeout: 5_000, interval: 20 })
  expect(performance.now() - startedAt).toBeGreaterThan(800)
})
