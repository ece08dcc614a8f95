import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '#kit/log.ts'
import { freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import type { AuditEntry } from './audit.ts'
import { openTallies, type Tallies } from './tally.ts'
import { verifyAudit } from './verify.ts'

const start = Date.parse('2026-11-25T08:00:00Z')

let database: TestDatabase
let tallies: Tallies
let nowMs: number
let looks: (() => void)[]
beforeEach(async () => {
  database = await freshDatabase()
  nowMs = start
  looks = []
  tallies = openTallies({ db: database.db, log: silentLog, seams: { now: () => new Date(nowMs), wait } })
})
afterEach(async () => {
  await tallies.close()
  await database.drop()
})

/** Time passes when the test says so. */
function wait(_: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  looks.push(resolve)
  signal?.addEventListener('abort', () => resolve())
  return promise
}

function pass(ms: number): void {
  nowMs += ms
  for (const look of looks.splice(0)) look()
}

const somebody = { actorId: '7c1a9e52-4f0b-4c1f-9d0e-7b8c5a3f2e11', actorName: 'Somebody' }
const system = { actorId: null, actorName: 'system' }
const entryOf = (name: string, by: Pick<AuditEntry, 'actorId' | 'actorName'>) => (): AuditEntry => ({
  ...by,
  action: 'audit.test',
  subject: { kind: 'thing', id: name, name },
  details: { why: 'a test' },
})
const use = (name: string, part?: Record<string, string>) => tallies.of(name, entryOf(name, somebody)).count(part)
const systemUses = (name: string) => tallies.of(name, entryOf(name, system)).count()

async function written(name: string): Promise<Record<string, unknown>[]> {
  const rows = await database.db
    .selectFrom('audit_entries')
    .select('details')
    .where('subject_id', '=', name)
    .orderBy('seq')
    .execute()
  return rows.map(({ details }) => details)
}

const at = (ms: number) => new Date(start + ms).toISOString()

test('hundreds of uses a minute are one entry at once and one a minute, and no use is lost', async () => {
  await use('thing')
  expect(await written('thing')).toEqual([{ why: 'a test', count: 1, first: at(0), last: at(0) }])
  for (let n = 1; n <= 300; n++) {
    nowMs = start + n * 100
    expect(use('thing'), 'nothing to wait for').toBeUndefined()
  }
  expect(await written('thing')).toHaveLength(1)
  pass(30_000)
  await expect.poll(() => written('thing')).toHaveLength(2)
  expect((await written('thing'))[1]).toEqual({ why: 'a test', count: 300, first: at(100), last: at(30_000) })

  use('thing')
  pass(60_000)
  expect(use('thing'), 'its entry is on its way already').toBeUndefined()
  await expect.poll(() => written('thing')).toHaveLength(3)
  expect((await written('thing'))[2]).toMatchObject({ first: at(60_000) })
})

test('who comes back after a quiet minute has a first entry again', async () => {
  await use('thing')
  for (const _ of [1, 2]) {
    pass(60_000)
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await written('thing'), 'nothing happened, nothing is written').toHaveLength(1)
  await use('thing')
  expect(await written('thing')).toHaveLength(2)
})

test('what the system does by itself waits for nothing and is in the trail within a second', async () => {
  for (let n = 0; n < 1_200; n++) expect(systemUses(`thing ${n}`), 'nothing to wait for').toBeUndefined()
  expect(systemUses('thing 7')).toBeUndefined()
  pass(1_000)
  await expect.poll(() => written('thing 1199')).toHaveLength(1)
  expect(await written('thing 7')).toEqual([{ why: 'a test', count: 2, first: at(0), last: at(0) }])
})

test('the system gets no further ahead of the trail than seconds', async () => {
  expect(systemUses('thing')).toBeUndefined()
  nowMs += 4_999
  expect(systemUses('thing'), 'nobody looked yet').toBeUndefined()
  nowMs += 1
  await systemUses('thing')
  expect(await written('thing')).toEqual([{ why: 'a test', count: 3, first: at(0), last: at(5_000) }])
})

test('while entries cannot be written, the system is refused as well', async () => {
  await sql`alter table audit_entries rename to audit_entries_away`.execute(database.db)
  expect(systemUses('thing')).toBeUndefined()
  await expect(use('other thing')).rejects.toThrow()
  await expect(systemUses('thing')).rejects.toThrow()
  await expect(systemUses('third thing')).rejects.toThrow()
  await sql`alter table audit_entries_away rename to audit_entries`.execute(database.db)
  await systemUses('thing')
  expect(await written('thing')).toMatchObject([{ count: 3 }])
  expect(systemUses('third thing'), 'one success ends it').toBeUndefined()
})

test('what differs is counted by itself, up to fifty different ones', async () => {
  await use('thing', { method: 'GET', to: '/a' })
  for (let n = 0; n < 3; n++) use('thing', { method: 'GET', to: '/a' })
  for (let n = 0; n < 80; n++) use('thing', { method: 'GET', to: `/${n}` })
  await tallies.close()
  const [first, second] = await written('thing')
  expect(first).toMatchObject({ count: 1, calls: [{ method: 'GET', to: '/a', count: 1 }] })
  expect(second).toMatchObject({ count: 83 })
  expect(second?.calls).toHaveLength(50)
  expect(second?.calls).toContainEqual({ method: 'GET', to: '/a', count: 3 })
})

test('a crowd at once: each waits for its entry, same ones share it, and the chain holds', async () => {
  await Promise.all(Array.from({ length: 3_000 }, (_, n) => use(`thing ${n % 1_000}`)))
  const { rows } = await sql<{ entries: number; uses: number }>`
    select count(*)::int entries, sum((details->>'count')::int)::int uses from audit_entries`.execute(database.db)
  expect(rows).toEqual([{ entries: 1_000, uses: 3_000 }])
  expect(await verifyAudit(database.db)).toMatchObject({ checked: 1_000, broken: null })
})

test('what cannot be written is refused and not forgotten', async () => {
  await sql`alter table audit_entries rename to audit_entries_away`.execute(database.db)
  await expect(use('thing')).rejects.toThrow()
  nowMs += 1_000
  await expect(use('thing')).rejects.toThrow()
  await sql`alter table audit_entries_away rename to audit_entries`.execute(database.db)
  nowMs += 1_000
  await use('thing')
  expect(await written('thing')).toEqual([{ why: 'a test', count: 3, first: at(0), last: at(2_000) }])
})

test('a clock that was set back delays nothing: the next use is an entry', async () => {
  await use('thing')
  nowMs -= 3_600_000
  await use('thing')
  expect(await written('thing')).toHaveLength(2)
})
