import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { recordAudit } from '#audit/audit.ts'
import { verifyAudit } from '#audit/verify.ts'
import { type Database, openDatabase } from '#db/database.ts'
import { startManagedPostgres } from '#db/managed-postgres.ts'
import { migrate } from '#db/migrate.ts'
import { transaction } from '#db/transaction.ts'
import { silentLog } from '#kit/log.ts'
import { realSeams } from '#kit/seams.ts'
import { type Figure, figure, percentile } from './figure.ts'

/*
 * What the hash chain costs. Writers of the trail take turns, because each hash covers the one before; everything here is durable
 * (fsync), as in production. A change is one row of a table, committed alone or together with its audit entry, by sixteen writers
 * in two pools, as two processes would.
 */
const writers = 16
const changesEach = 150

export async function measure(): Promise<Figure[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'anteroom-bench-'))
  const server = await startManagedPostgres({
    dataDir: path.join(folder, 'postgres'),
    log: silentLog,
    wait: realSeams.wait,
  })
  const pools = [openDatabase(server.connection), openDatabase(server.connection)]
  try {
    const [db] = pools
    if (db === undefined) throw new Error('no pool')
    await migrate(db)
    await sql`create table changes (id bigint generated always as identity primary key, what text)`.execute(db)
    const alone = await storm(pools, async (trx) => change(trx))
    const recorded = await storm(pools, async (trx) => {
      await change(trx)
      await recordAudit(trx, entry)
    })
    return [...figuresOf(alone, recorded), await walking(db)]
  } finally {
    for (const pool of pools) await pool.destroy()
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const entry = {
  actorId: null,
  actorName: 'system',
  action: 'connections.refresh_token' as const,
  subject: { kind: 'credential', id: '0198c1a0-0000-7000-8000-000000000001', name: 'Ms Graph Personal' },
  details: { account: 'alice.meyer@contoso.example', expiresAt: '2026-11-24T10:00:00.000Z' },
}

async function change(trx: Database): Promise<void> {
  await sql`insert into changes (what) values ('a change')`.execute(trx)
}

type Storm = { perSecond: number; p50: number; p99: number }

async function storm(pools: Database[], work: (trx: Database) => Promise<void>): Promise<Storm> {
  const latencies: number[] = []
  const startedAt = performance.now()
  const one = async (writer: number) => {
    const db = pools[writer % pools.length]
    if (db === undefined) return
    for (let n = 0; n < changesEach; n++) {
      const at = performance.now()
      await transaction(db, work)
      latencies.push(performance.now() - at)
    }
  }
  await Promise.all(Array.from({ length: writers }, (_, writer) => one(writer)))
  const seconds = (performance.now() - startedAt) / 1000
  return {
    perSecond: Math.round(latencies.length / seconds),
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  }
}

function figuresOf(alone: Storm, recorded: Storm): Figure[] {
  const peer = 'the same change without an entry'
  return [
    figure({
      what: `changes a second with their audit entries, ${writers} writers`,
      unit: 'a second',
      value: recorded.perSecond,
      peer,
      peerValue: alone.perSecond,
      goal: 'at least 50: ten thousand people with hourly tokens make 3',
      holds: (value) => value >= 50,
    }),
    figure({
      what: 'a change under that load, median',
      unit: 'ms',
      value: recorded.p50,
      peer,
      peerValue: alone.p50,
      goal: 'under 100',
      holds: (value) => value < 100,
    }),
    figure({
      what: 'a change under that load, 99 %',
      unit: 'ms',
      value: recorded.p99,
      peer,
      peerValue: alone.p99,
      goal: 'under 1000',
      holds: (value) => value < 1000,
    }),
  ]
}

async function walking(db: Database): Promise<Figure> {
  const startedAt = performance.now()
  const { checked, broken } = await verifyAudit(db)
  const perSecond = Math.round(checked / ((performance.now() - startedAt) / 1000))
  return figure({
    what: 'entries a second that verifyAudit walks',
    unit: 'a second',
    value: perSecond,
    peer: 'a trail of a million entries within five minutes',
    peerValue: 3_334,
    goal: 'at least that, unbroken',
    holds: (value) => broken === null && value >= 3_334,
  })
}
