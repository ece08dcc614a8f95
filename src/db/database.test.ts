import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { realSeams } from '#kit/seams.ts'
import { emptyDatabase, freshDatabase, type TestDatabase } from '../../test/support/database.ts'
import { type Database, openDatabase, poolOf } from './database.ts'
import { listen } from './listen.ts'
import { migrate, readMigrations } from './migrate.ts'
import { notify } from './notify.ts'
import { transaction, violatedConstraint } from './transaction.ts'

let database: TestDatabase
let folder: string

beforeAll(async () => {
  database = await emptyDatabase()
})

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'anteroom-migrations-'))
  await poolOf(database.db).query('drop schema public cascade; create schema public')
  return () => rm(folder, { recursive: true, force: true })
})

afterAll(() => database.drop())

test('our own migrations apply to an empty database once, also when several processes start together', async () => {
  const others = [1, 2, 3].map(() => openDatabase(database.connection))
  const applied = await Promise.all(others.map((db) => migrate(db)))
  expect(applied.flat()).toEqual((await readMigrations()).map((migration) => migration.name))
  await Promise.all(others.map((db) => db.destroy()))
})

test('only what is new is applied, and what fails changes nothing', async () => {
  await write('0001_first.sql', 'create table first ()')
  expect(await migrate(database.db, folder)).toEqual(['0001_first.sql'])
  await write('0002_second.sql', 'create table second (); select 1 / 0')
  await expect(migrate(database.db, folder)).rejects.toThrow('0002_second.sql failed and changed nothing')
  await write('0002_second.sql', 'create table second ()')
  expect(await migrate(database.db, folder)).toEqual(['0002_second.sql'])
})

test('an applied migration that changed, a newer database and a gap are refused in words', async () => {
  await write('0001_first.sql', 'create table first ()')
  await migrate(database.db, folder)
  await write('0001_first.sql', 'create table first (id int)')
  await expect(migrate(database.db, folder)).rejects.toThrow('has changed since')
  await rm(path.join(folder, '0001_first.sql'))
  await expect(migrate(database.db, folder)).rejects.toThrow('newer Anteroom')
  await write('0002_second.sql', 'select 1')
  await expect(migrate(database.db, folder)).rejects.toThrow('Numbers have no gaps')
})

test('what a connection keeps of its statements does not survive a migration by another process, and nobody notices', async () => {
  const one = openDatabase({ ...database.connection, max: 1 })
  const other = poolOf(database.db)
  await other.query('create table things (id int primary key); insert into things values (1)')
  const read = (db: Database) => sql`select * from things where id = ${1} and id is not null`.execute(db)
  const kept = async () =>
    (
      await sql<{
        name: string
      }>`select name from pg_prepared_statements where statement like 'select * from things%'`.execute(one)
    ).rows
  for (const _ of [1, 2, 3]) expect((await read(one)).rows).toEqual([{ id: 1 }])
  expect(await kept()).toHaveLength(1)

  await other.query('alter table things add column name text')
  expect((await read(one)).rows).toEqual([{ id: 1, name: null }])
  for (const _ of [1, 2, 3]) await read(one)
  await other.query('alter table things add column size int')
  expect((await transaction(one, read)).rows).toEqual([{ id: 1, name: null, size: null }])
  await one.destroy()
})

test('of two transactions that wait for each other one is repeated, and both happen once', async () => {
  await poolOf(database.db).query('create table counters (id int primary key, count int)')
  await poolOf(database.db).query('insert into counters values (1, 0), (2, 0)')
  const bothHoldOne = Promise.withResolvers<void>()
  let holding = 0
  let runs = 0
  const bump = (first: number, second: number) =>
    transaction(database.db, async (trx) => {
      runs++
      await sql`update counters set count = count + 1 where id = ${first}`.execute(trx)
      if (++holding === 2) bothHoldOne.resolve()
      await bothHoldOne.promise
      await sql`update counters set count = count + 1 where id = ${second}`.execute(trx)
    })
  await Promise.all([bump(1, 2), bump(2, 1)])
  const { rows } = await poolOf(database.db).query('select count from counters')
  expect(rows).toEqual([{ count: 2 }, { count: 2 }])
  expect(runs).toBe(3)
})

test('a violated constraint is known by its name', async () => {
  await poolOf(database.db).query(
    'create table once (id int constraint only_once primary key); insert into once values (1)',
  )
  const problem = await poolOf(database.db)
    .query('insert into once values (1)')
    .catch((caught) => caught)
  expect(violatedConstraint(problem)).toBe('only_once')
  expect(violatedConstraint(new Error('other'))).toBeNull()
})

test('a day stays a day, wherever this machine is', async () => {
  const { rows } = await poolOf(database.db).query(`select date '2026-11-23' as day`)
  expect(rows[0]).toEqual({ day: '2026-11-23' })
})

test('a listener hears what is committed, and again after its connection was cut', async () => {
  const heard: string[] = []
  let gaps = 0
  const stop = await listen(database.db, {
    channel: 'rooms',
    onPayload: (payload) => heard.push(payload),
    onGap: () => gaps++,
    wait: realSeams.wait,
  })
  await transaction(database.db, (trx) => notify(trx, 'rooms', 'aspen'))
  await vi.waitFor(() => expect(heard).toEqual(['aspen']))
  await poolOf(database.db).query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'anteroom listens%' and datname = current_database()`,
  )
  await vi.waitFor(() => expect(gaps).toBe(1), { timeout: 5_000 })
  await notify(database.db, 'rooms', 'birch')
  await vi.waitFor(() => expect(heard).toEqual(['aspen', 'birch']))
  await stop()
})

test('fresh databases do not see each other', async () => {
  const [one, two] = await Promise.all([freshDatabase(), freshDatabase()])
  await poolOf(one.db).query('create table only_here ()')
  await expect(poolOf(two.db).query('select from only_here')).rejects.toThrow('does not exist')
  await Promise.all([one.drop(), two.drop()])
})

async function write(name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, name), text)
}
