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
import { type Committed, commitHook, type Written, writtenBy } from './commit-hook.ts'
import type { MemoryStore } from './memory-store.ts'

export type MemoryDoorkeeper = {
  /** Before a statement or a transaction begins: others may come first. `ready` says whether it could begin now. */
  turn: (ready: () => boolean) => Promise<void>
  /** Told of every statement, as it is run. */
  ran: (text: string) => void
  /** After something was committed: what was written. */
  committed: Committed
}

export type MemoryDatabase = {
  db: Database
  /** The process is gone: what it had not committed never happened. */
  abandon: () => void
}

/** What one process has of the store. Who is in a transaction has the store alone until its end. */
export function openMemoryDatabase(store: MemoryStore, door: Door, keeper: MemoryDoorkeeper): MemoryDatabase {
  const connections = new Set<MemoryConnection>()
  const driver = new MemoryDriver(store, { ...keeper, door, connections })
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  return {
    db: new Kysely<Schema>({ dialect }),
    abandon: () => {
      for (const connection of connections) {
        if (connection.inTransaction) store.rollback()
        if (door.inside === connection) door.inside = null
      }
      connections.clear()
    },
  }
}

/** One at a time, whichever process it is of. */
export type Door = { inside: MemoryConnection | null }

type Inside = MemoryDoorkeeper & { door: Door; connections: Set<MemoryConnection> }

class MemoryDriver implements Driver {
  readonly #store: MemoryStore
  readonly #inside: Inside

  constructor(store: MemoryStore, inside: Inside) {
    this.#store = store
    this.#inside = inside
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<MemoryConnection> {
    const { door, turn, connections } = this.#inside
    await turn(() => door.inside === null)
    const connection = new MemoryConnection(this.#store, this.#inside)
    door.inside = connection
    connections.add(connection)
    return connection
  }

  async beginTransaction(connection: MemoryConnection): Promise<void> {
    this.#store.begin()
    connection.inTransaction = true
  }

  async commitTransaction(connection: MemoryConnection): Promise<void> {
    this.#store.commit()
    await connection.endOfTransaction()
  }

  async rollbackTransaction(connection: MemoryConnection): Promise<void> {
    this.#store.rollback()
    connection.inTransaction = false
  }

  async releaseConnection(connection: MemoryConnection): Promise<void> {
    const { door, connections } = this.#inside
    connections.delete(connection)
    if (door.inside === connection) door.inside = null
  }

  async destroy(): Promise<void> {}
}

class MemoryConnection implements DatabaseConnection {
  readonly #store: MemoryStore
  readonly #keeper: MemoryDoorkeeper
  readonly #atCommit: (() => void)[] = []
  readonly #written: Written[] = []
  inTransaction = false

  constructor(store: MemoryStore, keeper: MemoryDoorkeeper) {
    this.#store = store
    this.#keeper = keeper
  }

  async endOfTransaction(): Promise<void> {
    this.inTransaction = false
    for (const work of this.#atCommit.splice(0)) work()
    if (this.#written.length > 0) await this.#keeper.committed(this.#written.splice(0))
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const hook = commitHook(sql, parameters)
    if (hook) {
      this.#atCommit.push(hook)
      return { rows: [] }
    }
    this.#keeper.ran(sql)
    const { rows, changes } = this.#store.run(sql, parameters)
    const written = writtenBy(sql, parameters)
    if (written !== null) this.#written.push(written)
    if (!this.inTransaction && written !== null) await this.endOfTransaction()
    return { rows: rows as Row[], numAffectedRows: BigInt(changes) }
  }

  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    yield await Promise.reject(new Error('The simulation reads no streams.'))
  }
}
