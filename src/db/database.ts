import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { PreparingClient } from './preparing-client.ts'
import type { Schema } from './schema.ts'

/**
 * The database, or a transaction of it: whoever takes a `Database` can be given either, so a statement does not know
 * whether it stands alone. `db.destroy()` closes the pool.
 */
export type Database = Kysely<Schema>

/**
 * Opens a pool on PostgreSQL. Nothing connects before the first query.
 *
 * `timestamptz` arrives as Date, `bigint` and `numeric` as string, `date` as the string `YYYY-MM-DD` (a day is not an
 * instant, and pg would read it in the zone of this machine).
 */
export function openDatabase(connection: pg.PoolConfig): Database {
  const pool = new pg.Pool({
    max: 10,
    application_name: 'anteroom',
    ...connection,
    types: typesWithPlainDates,
    Client: PreparingClient,
  })
  // An idle connection that the server closes is replaced by the next query, which reports what is still wrong.
  pool.on('error', () => undefined)
  // One that is lost between two statements of a transaction tells nobody else; the next statement fails and says why.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  // Kysely ends a pool only if a query of its own went through it.
  const destroy = db.destroy.bind(db)
  db.destroy = async () => {
    await destroy()
    if (!pool.ending) await pool.end()
  }
  opened.set(db, { connection, pool })
  return db
}

/** What a database was opened with: for a client of its own, such as a listener or the queue. */
export function connectionOf(db: Database): pg.PoolConfig {
  return openedOf(db).connection
}

/** The pool below, for what a query builder cannot say (COPY, cursors, LISTEN, advisory locks of a session). */
export function poolOf(db: Database): pg.Pool {
  return openedOf(db).pool
}

const opened = new WeakMap<Database, { connection: pg.PoolConfig; pool: pg.Pool }>()

function openedOf(db: Database): { connection: pg.PoolConfig; pool: pg.Pool } {
  const found = opened.get(db)
  if (!found)
    throw new Error('This needs the database itself, as openDatabase returned it, and was given a transaction.')
  return found
}

const dateType = 1082

const typesWithPlainDates: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    Number(id) === dateType ? (text: string) => text : pg.types.getTypeParser(id, format),
}
