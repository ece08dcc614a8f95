import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type pg from 'pg'
import { type Database, poolOf } from './database.ts'

export type Migration = { number: number; name: string; sql: string; sha256: string }

export const migrationsDir = path.join(import.meta.dirname, 'migrations')

/**
 * Brings the database to the newest schema: every file `NNNN_name.sql` in its own transaction, once, in order. Processes
 * that start together wait for each other.
 *
 * @returns the names of what was applied now.
 * @throws when a file that was applied has changed or is gone, or when the database is newer than this program.
 */
export async function migrate(db: Database, folder: string = migrationsDir): Promise<string[]> {
  const wanted = await readMigrations(folder)
  const client = await poolOf(db).connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await client.query(createTable)
    const done = await client.query<Applied>('select number, name, sha256 from migrations order by number')
    refuseAnotherHistory(wanted, done.rows)
    const missing = wanted.slice(done.rows.length)
    for (const migration of missing) await apply(client, migration)
    return missing.map((migration) => migration.name)
  } finally {
    await client.query('select pg_advisory_unlock_all()').catch(() => undefined)
    client.release()
  }
}

/** Reads the files in order; refuses gaps, doubles and names that do not fit. */
export async function readMigrations(folder: string = migrationsDir): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (name, index) => {
      const expected = String(index + 1).padStart(4, '0')
      if (!new RegExp(`^${expected}_[a-z0-9_]+\\.sql$`).test(name)) {
        throw new Error(
          `Migration ${name}: expected a file named ${expected}_what_it_does.sql here. Numbers have no gaps.`,
        )
      }
      const sql = await readFile(path.join(folder, name), 'utf8')
      return { number: index + 1, name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

type Applied = { number: number; name: string; sha256: string }

const migrationLock = 4401

const createTable = `create table if not exists migrations (
  number integer primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default clock_timestamp()
)`

function refuseAnotherHistory(wanted: Migration[], done: Applied[]): void {
  for (const applied of done) {
    const file = wanted[applied.number - 1]
    if (!file) {
      throw new Error(
        `The database has migration ${applied.name}, which this program does not know: it was used by a newer Anteroom. ` +
          'Start that version, or restore a backup from before it.',
      )
    }
    if (file.sha256 !== applied.sha256) {
      throw new Error(
        `Migration ${applied.name} was applied to this database and its file (${file.name}) has changed since. Put the ` +
          'file back as it was and write a new migration; for a database without value, delete it and start again.',
      )
    }
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await client.query('insert into migrations (number, name, sha256) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.sha256,
    ])
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback')
    throw new Error(`Migration ${migration.name} failed and changed nothing: ${String(cause)}`, { cause })
  }
}
