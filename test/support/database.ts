import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { openSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { type Database, openDatabase } from '#db/database.ts'
import { managedConnection } from '#db/managed-postgres.ts'
import { migrate, readMigrations } from '#db/migrate.ts'
import { databaseUrl } from './database-url.ts'
import { keeperGate, keeperLog, testDataDir } from './test-server.ts'

const projectDir = path.join(import.meta.dirname, '..', '..')

export type TestDatabase = {
  /** For a process: the value of ANTEROOM_DATABASE_URL. */
  url: string
  /** For a pool or client in this process. */
  connection: pg.PoolConfig
  db: Database
  /** Closes `db` and removes the database, whoever is still connected. */
  drop(): Promise<void>
}

/**
 * A migrated, empty database of its own on a real PostgreSQL, in some 80 ms: a clone of a template that is migrated once
 * per set of migration files. Ask for one per test file in `beforeAll` and drop it in `afterAll`.
 */
export async function freshDatabase(): Promise<TestDatabase> {
  return onServer(async (client, server) => {
    const template = await migratedTemplate(client, server)
    return createDatabase(client, server, `template ${template}`)
  })
}

/** A database without any table, for what makes its own schema. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return onServer((client, server) => createDatabase(client, server, ''))
}

let serial = 0

async function createDatabase(client: pg.Client, server: pg.PoolConfig, from: string): Promise<TestDatabase> {
  // The process id lets the keeper drop what a killed run left behind.
  const name = `test_${process.pid}_${serial++}_${randomBytes(4).toString('hex')}`
  await client.query(`create database ${name} ${from}`)
  const connection = { ...server, database: name }
  const db = openDatabase(connection)
  return {
    url: databaseUrl(connection),
    connection,
    db,
    drop: async () => {
      await db.destroy()
      await onServer((other) => other.query(`drop database if exists ${name} with (force)`))
    },
  }
}

async function migratedTemplate(client: pg.Client, server: pg.PoolConfig): Promise<string> {
  const migrations = await readMigrations()
  const key = createHash('sha256')
    .update(migrations.map((migration) => migration.sha256).join())
    .digest('hex')
  const template = `template_${key.slice(0, 16)}`
  await client.query('select pg_advisory_lock(hashtext($1))', [template])
  try {
    const { rows } = await client.query('select 1 from pg_database where datname = $1', [template])
    if (rows.length === 0) await makeTemplate(client, server, template)
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [template])
  }
  return template
}

/** Migrated under another name and renamed when complete, so that a kill in between leaves no half-made template. */
async function makeTemplate(client: pg.Client, server: pg.PoolConfig, template: string): Promise<void> {
  await client.query(`drop database if exists ${template}_making with (force)`)
  await client.query(`create database ${template}_making`)
  const db = openDatabase({ ...server, database: `${template}_making` })
  try {
    await migrate(db)
  } finally {
    await db.destroy()
  }
  await client.query(`alter database ${template}_making rename to ${template}`)
}

/**
 * Runs `work` on the server's own database. The shared lock keeps the server from stopping meanwhile; a server that was
 * already stopping is started again.
 */
async function onServer<T>(work: (client: pg.Client, server: pg.PoolConfig) => Promise<T>): Promise<T> {
  const { client, server } = await enter()
  try {
    return await work(client, server)
  } finally {
    await client.end()
  }
}

async function enter(): Promise<{ client: pg.Client; server: pg.PoolConfig }> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const entered = await tryToEnter().catch(() => null)
    if (entered) return entered
    if (attempt % 100 === 0) startKeeper()
    await wait(100)
  }
  throw new Error(
    `The test database did not start within a minute: look at ${keeperLog} and ${testDataDir}/postgres.log`,
  )
}

async function tryToEnter(): Promise<{ client: pg.Client; server: pg.PoolConfig }> {
  const server = await managedConnection(testDataDir)
  const client = new pg.Client({ ...server, application_name: 'anteroom test' })
  client.on('error', () => undefined)
  await client.connect()
  await client.query('select pg_advisory_lock_shared($1)', [keeperGate])
  return { client, server }
}

function startKeeper(): void {
  const log = openSync(keeperLog, 'a', 0o600)
  const keeper = path.join(import.meta.dirname, 'postgres-keeper.ts')
  spawn(process.execPath, [keeper], { detached: true, stdio: ['ignore', log, log], cwd: projectDir }).unref()
}
