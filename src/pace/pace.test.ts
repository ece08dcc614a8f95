import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from '#db/database.ts'
import { realSeams } from '#kit/seams.ts'
import { mintAccessToken } from '../../emulator/access-token.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { startTenant, type TestTenant } from '../../test/support/tenant.ts'
import { until } from '../../test/support/until.ts'
import { forgetLapsed, type PaceDeps, passing } from './pace.ts'
import type { Urgency } from './queries.ts'

const application = 'a9ad7f7d-4618-5e0b-8855-9589ea44b233'
const mercury = 'mercury@contoso.example'
const venus = 'venus@contoso.example'

let database: TestDatabase
let tenant: TestTenant
let token: string
const pools: Database[] = []
let inside = 0
let insideMost = 0

beforeAll(async () => {
  database = await freshDatabase()
  tenant = await startTenant()
})
beforeEach(async () => {
  tenant.tenant.reset()
  tenant.tenant.turnSwitches({ serviceTimeMs: 25 })
  const claims = { clientId: application, accountId: null, scopes: [], roles: ['Calendars.ReadWrite'] }
  token = await mintAccessToken(tenant.tenant, claims, 3600)
  insideMost = 0
})
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.destroy()
  for (const table of ['mailbox_slots', 'mailbox_waits', 'mailbox_pauses'] as const)
    await database.db.deleteFrom(table).execute()
})
afterAll(async () => {
  await tenant.close()
  await database.drop()
})

/** A pool of connections of its own is what tells processes apart. */
function someProcess(more: Partial<PaceDeps> = {}): PaceDeps {
  const db = openDatabase(database.connection)
  pools.push(db)
  return { db, seams: realSeams, ...more }
}

function call(deps: PaceDeps, mailbox: string, urgency: Urgency = 'interactive'): Promise<Response> {
  return passing(deps, { application, mailbox, urgency }, async () => {
    insideMost = Math.max(insideMost, ++inside)
    try {
      const headers = { authorization: `Bearer ${token}` }
      return await fetch(`${tenant.origin}/v1.0/users/${mailbox}/events`, { headers })
    } finally {
      inside -= 1
    }
  })
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)
const statusesOf = (answers: Response[]) => [...new Set(answers.map(({ status }) => status))]

/** A call that stays in until it is told to go. */
async function holding(deps: PaceDeps, urgency: Urgency = 'bulk') {
  const going = Promise.withResolvers<Response>()
  const entered = Promise.withResolvers<void>()
  const done = passing(deps, { application, mailbox: mercury, urgency }, () => {
    entered.resolve()
    return going.promise
  })
  await entered.promise
  return { go: () => going.resolve(new Response()), done }
}

test('four processes call one mailbox as fast as they can: never a fourth call at a time, and the provider refuses none', async () => {
  const processes = times(4, someProcess)
  const answers = await Promise.all(processes.flatMap((deps) => times(15, () => call(deps, mercury, 'bulk'))))
  expect(statusesOf(answers)).toEqual([200])
  expect(insideMost).toBe(3)
  expect(tenant.ledger().map(({ status }) => status)).toEqual(times(60, () => 200))
  expect(await database.db.selectFrom('mailbox_slots').selectAll().execute()).toEqual([])
})

test('processes share: one that comes late to a busy mailbox does not wait for the backlog of the other', async () => {
  const [busy, late] = [someProcess(), someProcess()]
  let done = 0
  const backlog = times(60, () => call(busy, mercury).finally(() => done++))
  await until(() => done > 3, { what: 'the backlog moves' })
  const before = done
  expect(statusesOf(await Promise.all(times(6, () => call(late, mercury))))).toEqual([200])
  expect(done - before).toBeLessThan(30)
  await Promise.all(backlog)
})

test('in one process, whoever a person waits for goes before bulk work that came earlier', async () => {
  const deps = someProcess()
  const order: string[] = []
  const bulk = times(12, () => call(deps, mercury, 'bulk').then(() => order.push('bulk')))
  const interactive = times(3, () => call(deps, mercury).then(() => order.push('interactive')))
  await Promise.all([...bulk, ...interactive])
  expect(order.lastIndexOf('interactive')).toBeLessThan(6)
})

test('in all processes, bulk work leaves the last slot while somebody interactive waits', async () => {
  const [bulkOne, bulkOther, person] = [someProcess(), someProcess(), someProcess()]
  let bulkDone = 0
  const backlog = [bulkOne, bulkOther].flatMap((deps) =>
    times(40, () => call(deps, mercury, 'bulk').finally(() => bulkDone++)),
  )
  await until(() => bulkDone > 3, { what: 'the backlog moves' })
  const before = bulkDone
  for (const _ of times(4, () => 0)) expect((await call(person, mercury)).status).toBe(200)
  expect(bulkDone - before).toBeLessThan(30)
  await Promise.all(backlog)
})

test('what Retry-After asks is kept by every process, for this mailbox alone, and without a call', async () => {
  const [one, other] = [someProcess(), someProcess()]
  const refusing = { status: 503, headers: { 'retry-after': '0.75' }, body: {}, delayMs: 0, dropAfter: false }
  tenant.tenant.faults.put({
    id: 'busy',
    match: `GET /v1.0/users/${mercury}/events`,
    times: 1,
    ...refusing,
    dropBefore: false,
  })
  expect((await call(one, mercury)).status).toBe(503)
  const sentBefore = tenant.ledger().length
  const held = await call(other, mercury)
  expect(held.status).toBe(429)
  expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(Number(held.headers.get('retry-after'))).toBeLessThanOrEqual(0.75)
  expect(await held.json()).toMatchObject({ error: { code: 'pace.paused' } })
  expect(tenant.ledger()).toHaveLength(sentBefore)
  expect((await call(other, venus)).status).toBe(200)
  const answer = await until(
    async () => {
      const again = await call(one, mercury)
      return again.status === 200 && again
    },
    { what: 'the pause is over' },
  )
  expect(answer.status).toBe(200)
  const calls = tenant.ledger().filter(({ path }) => path.includes(mercury))
  expect(calls.map(({ status }) => status)).toEqual([503, 200])
})

test('an answer without a readable Retry-After pauses nobody, and an earlier pause is not shortened by a later answer', async () => {
  const deps = someProcess()
  const answering = (headers: Record<string, string>) =>
    passing(
      deps,
      { application, mailbox: mercury, urgency: 'bulk' },
      async () => new Response('', { status: 429, headers }),
    )
  await answering({})
  await Promise.all([answering({ 'retry-after': '600' }), answering({ 'retry-after': '1' })])
  expect(Number((await call(deps, mercury)).headers.get('retry-after'))).toBeGreaterThan(500)
})

test('whoever gets no turn for ten seconds is told to come again, without a call', async () => {
  let aheadMs = 0
  const now = () => new Date(realSeams.now().getTime() + aheadMs)
  const wait = (_ms: number, signal?: AbortSignal) => realSeams.wait(5, signal)
  const deps = someProcess({ seams: { ...realSeams, now, wait } })
  const holders = await Promise.all(times(3, () => holding(deps)))
  const fourth = call(deps, mercury)
  aheadMs = 10_001
  const answer = await fourth
  expect(answer.status).toBe(429)
  expect(await answer.json()).toMatchObject({ error: { code: 'pace.full' } })
  for (const { go } of holders) go()
  await Promise.all(holders.map(({ done }) => done))
  expect(tenant.ledger()).toEqual([])
})

test('a process that is killed in the middle of its calls keeps its slots until they lapse, and no longer', async () => {
  const slotMs = 1_500
  const told = { connection: database.connection, application, mailbox: mercury, slotMs, count: 3 }
  const worker = join(import.meta.dirname, '../../test/support/pace-worker.ts')
  const child = spawn(process.execPath, [worker, JSON.stringify(told)])
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
  const taken = await database.db.selectFrom('mailbox_slots').selectAll().execute()
  expect(taken).toHaveLength(3)
  const lapsesAt = Math.min(...taken.map(({ expires_at }) => expires_at.getTime()))
  expect((await call(someProcess(), mercury)).status).toBe(200)
  expect(Date.parse(tenant.ledger()[0]?.at ?? '')).toBeGreaterThanOrEqual(lapsesAt)
})

test('a slot that lapsed under a slow call is not given back over the head of whoever has it now', async () => {
  const slow = await holding(someProcess({ slotMs: 1 }))
  const holders = await Promise.all(times(3, () => holding(someProcess())))
  slow.go()
  await slow.done
  expect(await database.db.selectFrom('mailbox_slots').selectAll().execute()).toHaveLength(3)
  for (const { go } of holders) go()
  await Promise.all(holders.map(({ done }) => done))
})

test('what lapsed is cleared out of the tables, and nothing else', async () => {
  // In this order: a slot that lapsed is free for whoever comes next.
  const kept = await holding(someProcess())
  const lapsed = await holding(someProcess({ slotMs: 1 }))
  await until(async () => (await database.db.selectFrom('mailbox_slots').selectAll().execute()).length === 2, {
    what: 'both have their slot',
  })
  await forgetLapsed(database.db)
  const left = await database.db.selectFrom('mailbox_slots').selectAll().execute()
  expect(left).toHaveLength(1)
  for (const { go, done } of [lapsed, kept]) {
    go()
    await done
  }
})
