import { DatabaseSync, type StatementSync } from 'node:sqlite'

/**
 * Where a tenant keeps its records: in memory for reading, written through to one SQLite file when it has one.
 *
 * A put has reached the operating system when it returns, so `kill -9` loses nothing (a power cut may lose the last moments, which a
 * rehearsal tenant can bear).
 */
export class Store {
  readonly #db: DatabaseSync | null
  #depth = 0

  constructor(file: string | null) {
    this.#db = file === null ? null : openFile(file)
  }

  /** Whether records outlive the process. */
  get isKept(): boolean {
    return this.#db !== null
  }

  /** A named set of records; `keysOf` lists the further keys under which `listBy` finds a record. */
  collection<T extends { id: string }>(name: string, keysOf: (record: T) => string[] = () => []): Collection<T> {
    return new Collection<T>(this.#db === null ? null : new Table(this.#db, name), keysOf)
  }

  /** All puts and deletes of `work` reach the file together or not at all. `work` must be synchronous and must not fail half-way on purpose. */
  atomically<R>(work: () => R): R {
    const outermost = this.#depth === 0
    if (outermost) this.#db?.exec('begin immediate')
    this.#depth += 1
    try {
      return work()
    } finally {
      this.#depth -= 1
      // Memory keeps what was put before a failure, so the file keeps it too: the two must never differ.
      if (outermost) this.#db?.exec('commit')
    }
  }

  close(): void {
    this.#db?.close()
  }
}

/** Hears what a record was and what it is now; undefined where there was none. */
export type Watcher<T> = (before: T | undefined, after: T | undefined) => void

/** Records of one kind. A record is replaced by `put`, never changed in place: it is frozen so that a forgotten put shows at once. */
export class Collection<T extends { id: string }> {
  readonly #records = new Map<string, T>()
  readonly #byKey = new Map<string, Map<string, T>>()
  readonly #table: Table | null
  readonly #keysOf: (record: T) => string[]
  readonly #watchers: Watcher<T>[] = []

  constructor(table: Table | null, keysOf: (record: T) => string[]) {
    this.#table = table
    this.#keysOf = keysOf
    for (const json of table?.readAll() ?? []) this.#remember(JSON.parse(json) as T)
  }

  get size(): number {
    return this.#records.size
  }

  get(id: string): T | undefined {
    return this.#records.get(id)
  }

  put(record: T): T {
    const before = this.#records.get(record.id)
    this.#forgetKeys(record.id, new Set(this.#keysOf(record)))
    this.#remember(record)
    this.#table?.write(record.id, JSON.stringify(record))
    this.#tell(before, record)
    return record
  }

  delete(id: string): boolean {
    const before = this.#records.get(id)
    if (before === undefined) return false
    this.#forgetKeys(id, new Set())
    this.#records.delete(id)
    this.#table?.remove(id)
    this.#tell(before, undefined)
    return true
  }

  /** Tells of every put and delete from now on; a clear is the end of everything and is not told. */
  watch(watcher: Watcher<T>): void {
    this.#watchers.push(watcher)
  }

  /** Every record, oldest first. */
  list(): T[] {
    return [...this.#records.values()]
  }

  /** Every record, oldest first, one by one. */
  values(): IterableIterator<T> {
    return this.#records.values()
  }

  /** The records that carry this key, oldest first, without looking at the others. */
  listBy(key: string): T[] {
    return [...(this.#byKey.get(key)?.values() ?? [])]
  }

  find(wanted: (record: T) => boolean): T | undefined {
    for (const record of this.#records.values()) if (wanted(record)) return record
    return undefined
  }

  filter(wanted: (record: T) => boolean): T[] {
    return this.list().filter(wanted)
  }

  clear(): void {
    this.#records.clear()
    this.#byKey.clear()
    this.#table?.removeAll()
  }

  #tell(before: T | undefined, after: T | undefined): void {
    for (const watcher of this.#watchers) watcher(before, after)
  }

  #remember(record: T): void {
    Object.freeze(record)
    this.#records.set(record.id, record)
    for (const key of this.#keysOf(record)) {
      const bucket = this.#byKey.get(key) ?? new Map<string, T>()
      this.#byKey.set(key, bucket.set(record.id, record))
    }
  }

  /** Keys that stay are left alone, so that a changed record keeps its place in the order. */
  #forgetKeys(id: string, kept: Set<string>): void {
    const record = this.#records.get(id)
    if (record === undefined) return
    for (const key of this.#keysOf(record)) {
      if (kept.has(key)) continue
      const bucket = this.#byKey.get(key)
      bucket?.delete(id)
      if (bucket?.size === 0) this.#byKey.delete(key)
    }
  }
}

class Table {
  readonly #name: string
  readonly #read: StatementSync
  readonly #write: StatementSync
  readonly #remove: StatementSync
  readonly #removeAll: StatementSync

  constructor(db: DatabaseSync, name: string) {
    this.#name = name
    this.#read = db.prepare('select json from records where collection = ? order by position')
    this.#write = db.prepare(
      'insert into records (collection, id, json) values (?, ?, ?) on conflict (collection, id) do update set json = excluded.json',
    )
    this.#remove = db.prepare('delete from records where collection = ? and id = ?')
    this.#removeAll = db.prepare('delete from records where collection = ?')
  }

  readAll(): string[] {
    return this.#read.all(this.#name).map((row) => String(row.json))
  }

  write(id: string, json: string): void {
    this.#write.run(this.#name, id, json)
  }

  remove(id: string): void {
    this.#remove.run(this.#name, id)
  }

  removeAll(): void {
    this.#removeAll.run(this.#name)
  }
}

function openFile(file: string): DatabaseSync {
  const db = new DatabaseSync(file)
  db.exec(
    'pragma journal_mode = wal; pragma synchronous = normal; pragma busy_timeout = 5000; pragma wal_autocheckpoint = 8000',
  )
  db.exec(
    `create table if not exists records (
       position integer primary key autoincrement,
       collection text not null,
       id text not null,
       json text not null,
       unique (collection, id)
     )`,
  )
  return db
}
