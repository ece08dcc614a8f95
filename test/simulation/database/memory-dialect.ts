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
import { commitHook } from './commit-hook.ts'
import type { MemoryStore } from './memory-store.ts'

/** Before a statement or a transaction begins: others may come first. `ready` says whether it could begin now. */
export type Turn = (ready: () => boolean) => Promise<void>

export type MemoryDatabase = {
  db: Database
  /** The process is gone: what it had not committed never happened. */
  abandon: () => void
}

/** What one process has of the store. Who is in a transaction has the store alone until its end. */
export function openMemoryDatabase(store: MemoryStore, door: Door, turn: Turn): MemoryDatabase {
  const connections = new Set<MemoryConnection>()
  const driver = new MemoryDriver(store, { door, turn, connections })
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

type Inside = { door: Door; turn: Turn; connections: Set<MemoryConnection> }

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
    const connection = new MemoryConnection(this.#store)
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
    connection.inTransaction = false
    for (const work of connection.atCommit.splice(0)) work()
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
  readonly atCommit: (() => void)[] = []
  inTransaction = false

  constructor(store: MemoryStore) {
    this.#store = store
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const hook = commitHook(sql, parameters)
    if (hook) {
      this.atCommit.push(hook)
      return { rows: [] }
    }
    const { rows, changes } = this.#store.run(sql, parameters)
    return { rows: rows as Row[], numAffectedRows: BigInt(changes) }
  }

  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    yield await Promise.reject(new Error('The simulation reads no streams.'))
  }
}
