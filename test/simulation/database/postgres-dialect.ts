import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'
import type { Owner, Scheduler } from '../scheduler/scheduler.ts'
import { type Committed, commitHook, type Written, writtenBy } from './commit-hook.ts'
import type { PostgresStore, WaitingClient } from './postgres-store.ts'

export type PostgresDatabase = { db: Database; abandon: () => Promise<void> }

/** What one process has of a real PostgreSQL: every statement is a step, and others may come between any two. */
export type PostgresParts = { scheduler: Scheduler; owner: Owner; ran: (text: string) => void; committed: Committed }

/** What one process has of a real PostgreSQL: every statement is a step, and others may come between any two. */
export function openPostgresDatabase(store: PostgresStore, parts: PostgresParts): PostgresDatabase {
  const driver = new SteppedDriver(store, parts)
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  return { db: new Kysely<Schema>({ dialect }), abandon: () => driver.abandon() }
}

class SteppedDriver implements Driver {
  readonly #store: PostgresStore
  readonly #parts: PostgresParts
  readonly #idle: WaitingClient[] = []
  readonly #all = new Set<WaitingClient>()

  constructor(store: PostgresStore, parts: PostgresParts) {
    this.#store = store
    this.#parts = parts
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SteppedConnection> {
    const client = this.#idle.pop() ?? (await this.#parts.scheduler.during(this.#store.connect()))
    this.#all.add(client)
    return new SteppedConnection(client, (query) => this.#run(client, query), this.#parts.committed)
  }

  async beginTransaction(connection: SteppedConnection): Promise<void> {
    await connection.run('begin')
    connection.inTransaction = true
  }

  async commitTransaction(connection: SteppedConnection): Promise<void> {
    await connection.run('commit')
    await connection.endOfTransaction()
  }

  async rollbackTransaction(connection: SteppedConnection): Promise<void> {
    await connection.run('rollback')
  }

  async releaseConnection(connection: SteppedConnection): Promise<void> {
    this.#idle.push(connection.client)
  }

  async destroy(): Promise<void> {
    await this.abandon()
  }

  async abandon(): Promise<void> {
    for (const client of this.#all) await this.#parts.scheduler.during(this.#store.terminate(client))
    this.#all.clear()
    this.#idle.length = 0
  }

  async #run(client: WaitingClient, query: { text: string; values: unknown[] }) {
    await this.#parts.scheduler.pause(this.#parts.owner, 'statement')
    this.#parts.ran(query.text)
    try {
      const { result, waited } = await this.#store.run(this.#parts.scheduler, client, query)
      if (waited) await this.#parts.scheduler.pause(this.#parts.owner, 'lock')
      return result
    } catch (problem) {
      // The connection of a dead process was cut. Nobody is there to hear of it.
      if (this.#parts.owner.state === 'dead') return new Promise<never>(() => undefined)
      throw problem
    }
  }
}

type Run = (query: { text: string; values: unknown[] }) => Promise<{ rows: unknown[]; rowCount: number | null }>

class SteppedConnection implements DatabaseConnection {
  readonly client: WaitingClient
  readonly #run: Run
  readonly #committed: Committed
  readonly #atCommit: (() => void)[] = []
  readonly #written: Written[] = []
  inTransaction = false

  constructor(client: WaitingClient, run: Run, committed: Committed) {
    this.client = client
    this.#run = run
    this.#committed = committed
  }

  async endOfTransaction(): Promise<void> {
    this.inTransaction = false
    for (const work of this.#atCommit.splice(0)) work()
    if (this.#written.length > 0) await this.#committed(this.#written.splice(0))
  }

  async run(text: string): Promise<void> {
    await this.#run({ text, values: [] })
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const hook = commitHook(sql, parameters)
    if (hook) {
      this.#atCommit.push(hook)
      return { rows: [] }
    }
    const { rows, rowCount } = await this.#run({ text: sql, values: [...parameters] })
    const written = writtenBy(sql, parameters)
    if (written !== null) this.#written.push(written)
    if (!this.inTransaction && written !== null) await this.endOfTransaction()
    return { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) }
  }

  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    yield await Promise.reject(new Error('The simulation reads no streams.'))
  }
}
