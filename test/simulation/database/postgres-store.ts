import pg from 'pg'
import { type Database, openDatabase } from '#db/database.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'

/** Functions of the same names in front of PostgreSQL's own: leases, slots and defaults read the simulated clock. */
const simulatedClock = `
  create schema simulation;
  create table simulation.clock (at timestamptz not null);
  insert into simulation.clock values ('2000-01-01T00:00:00Z');
  create function simulation.clock_timestamp() returns timestamptz language sql volatile as 'select at from simulation.clock';
  create function simulation.now() returns timestamptz language sql stable as 'select at from simulation.clock';
  do $$ declare named record; begin
    for named in select table_name, column_name from information_schema.columns
      where table_schema = 'public' and column_default = 'now()'
    loop
      execute format('alter table %I alter column %I set default simulation.now()', named.table_name, named.column_name);
    end loop;
  end $$;`

/** No commit waits for a disk, and a deadlock is found as soon as there is one: real time is not part of the run. */
const session = '-c search_path=simulation,pg_catalog,public -c synchronous_commit=off -c deadlock_timeout=20ms'

/** A real, migrated PostgreSQL whose clock is the simulated one. Emptied between runs, since making one takes longer than a run. */
export class PostgresStore {
  readonly #database: TestDatabase
  readonly #control: pg.Client
  readonly #tables: string
  readonly #waiting = new Set<WaitingClient>()
  #clockMs = 0

  private constructor(database: TestDatabase, control: pg.Client, tables: string) {
    this.#database = database
    this.#control = control
    this.#tables = tables
  }

  static async open(): Promise<PostgresStore> {
    const database = await freshDatabase()
    const control = new pg.Client(database.connection)
    await control.connect()
    await control.query(simulatedClock)
    // The trail may not be emptied; here it is, with its triggers asleep.
    await control.query('set session_replication_role = replica')
    const { rows } = await control.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'migrations'",
    )
    return new PostgresStore(database, control, rows.map(({ name }) => `"${name}"`).join(', '))
  }

  async clear(): Promise<void> {
    await this.#control.query(`truncate ${this.#tables} restart identity cascade`)
  }

  async close(): Promise<void> {
    await this.#control.end()
    await this.#database.drop()
  }

  /** An ordinary pool on the same tables, with the same clock. */
  plainDatabase(): Database {
    return openDatabase({ ...this.#database.connection, options: session, max: 2 })
  }

  async connect(): Promise<WaitingClient> {
    const types = { getTypeParser }
    const client = new pg.Client({ ...this.#database.connection, options: session, types })
    client.on('error', () => undefined)
    await client.connect()
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    return { client, pid: rows[0]?.pid ?? 0 }
  }

  /** Ends a connection as a dead process would: what it had not committed is undone before this returns. */
  async terminate({ client, pid }: WaitingClient): Promise<void> {
    await this.#control.query('select pg_terminate_backend($1, 5000)', [pid])
    await client.end().catch(() => undefined)
    await this.#letWaitersGo()
  }

  /**
   * Runs one statement, unless another transaction holds what it needs: then others go on, and the statement's end is one of their steps.
   * @returns the answer, and whether it had to wait.
   */
  async run(
    scheduler: Scheduler,
    connection: WaitingClient,
    { text, values }: { text: string; values: unknown[] },
  ): Promise<{ result: pg.QueryResult; waited: boolean }> {
    const work = this.#issue(scheduler.nowMs, connection.client, { text, values })
    const ended = work.then(
      () => true,
      () => true,
    )
    const waited = !(await scheduler.during(this.#endsOrWaits(connection, ended)))
    if (waited) this.#waiting.add(Object.assign(connection, { ended }))
    const result = await work.finally(() => this.#waiting.delete(connection))
    if (/^(commit|rollback)/i.test(text)) await scheduler.during(this.#letWaitersGo())
    return { result, waited }
  }

  /** Somebody waits for a lock, and nothing but the database's own word (a deadlock) can end that. */
  async someoneWaits(scheduler: Scheduler): Promise<boolean> {
    const ends = [...this.#waiting].map(({ ended }) => ended)
    if (ends.length === 0) return false
    await scheduler.during(Promise.race(ends))
    return true
  }

  async #issue(nowMs: number, client: pg.Client, query: { text: string; values: unknown[] }): Promise<pg.QueryResult> {
    if (nowMs !== this.#clockMs && readsTheClock.test(query.text)) {
      await this.#control.query('update simulation.clock set at = $1', [new Date(nowMs)])
      this.#clockMs = nowMs
    }
    return client.query(query)
  }

  /** True when it has ended; false when another session is in its way. */
  async #endsOrWaits({ pid }: WaitingClient, ended: Promise<boolean>): Promise<boolean> {
    for (;;) {
      const soon = new Promise<boolean>((resolve) => setTimeout(resolve, 4, false))
      if (await Promise.race([ended, soon])) return true
      const { rows } = await this.#control.query<{ held: boolean }>('select pg_blocking_pids($1) <> $2 as held', [
        pid,
        [],
      ])
      if (rows[0]?.held) return Promise.race([ended, false])
    }
  }

  async #letWaitersGo(): Promise<void> {
    for (const connection of [...this.#waiting]) {
      if (connection.ended) await this.#endsOrWaits(connection, connection.ended)
    }
  }
}

/** By name, or because a column left out of an insert is filled with it. Setting the clock is a statement of its own. */
const readsTheClock = /clock_timestamp|\bnow\(\)|^insert/i

export type WaitingClient = { client: pg.Client; pid: number; ended?: Promise<boolean> }

const dateType = 1082

/** As openDatabase reads them: a day is not an instant. */
const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (id, format) =>
  Number(id) === dateType ? (text: string) => text : pg.types.getTypeParser(id, format)
