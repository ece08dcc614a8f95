import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { inWordsOfPostgres } from './constraint-errors.ts'
import type { SchemaModel } from './schema-model.ts'
import { sqliteSchema } from './sqlite-schema.ts'
import { inWordsOfSqlite } from './statement-text.ts'
import { type Reader, readerOf, toSqlite } from './values.ts'

export type Answer = { rows: Record<string, unknown>[]; changes: number }

/**
 * The tables of the migrations in SQLite, in memory: answers the engine's own statements as PostgreSQL would. One at a time; its clock
 * is the one it is given. Statements are prepared once and kept, also over `clear`, so that thousands cost milliseconds.
 */
export class MemoryStore {
  readonly #db = new DatabaseSync(':memory:')
  readonly #model: SchemaModel
  readonly #prepared = new Map<string, Prepared>()
  readonly #numbers = new Map<string, number>()

  constructor(model: SchemaModel, now: () => Date) {
    this.#model = model
    this.#define('now', () => now().toISOString())
    this.#define('clock_timestamp', () => now().toISOString())
    this.#define('clock_in', (ms) => new Date(now().getTime() + Number(ms)).toISOString())
    this.#define('hashtextextended', () => 0)
    this.#define('pg_advisory_xact_lock', () => null)
    this.#define('pg_notify', () => null)
    this.#define('next_identity', (name) => this.#next(String(name)))
    this.#define('greatest', (...values) => extreme(values, (a, b) => a > b))
    this.#define('least', (...values) => extreme(values, (a, b) => a < b))
    for (const statement of sqliteSchema(model)) this.#db.exec(statement)
  }

  /** Runs one statement in PostgreSQL's words. @throws what `pg` would throw when a rule is broken. */
  run(text: string, parameters: readonly unknown[]): Answer {
    const prepared = this.#prepared.get(text) ?? this.#prepare(text)
    const values = parameters.map(toSqlite)
    try {
      return prepared.columns.length === 0 ? changed(prepared.statement, values) : answered(prepared, values)
    } catch (problem) {
      throw inWordsOfPostgres(this.#model, problem)
    }
  }

  begin(): void {
    this.run('begin', [])
  }

  commit(): void {
    this.run('commit', [])
  }

  rollback(): void {
    this.run('rollback', [])
  }

  /** Empties every table and begins all numbers anew. */
  clear(): void {
    this.#db.exec('pragma foreign_keys = off')
    for (const name of this.#model.tables.keys()) this.#db.exec(`delete from "${name}"`)
    this.#db.exec('delete from sqlite_sequence; pragma foreign_keys = on')
    this.#numbers.clear()
  }

  #prepare(text: string): Prepared {
    const statement = this.#db.prepare(inWordsOfSqlite(text))
    statement.setReturnArrays(true)
    const columns = statement.columns().map((column) => ({ name: column.name, read: readerOf(this.#model, column) }))
    const prepared = { statement, columns }
    this.#prepared.set(text, prepared)
    return prepared
  }

  #define(name: string, answer: (...values: SQLInputValue[]) => SQLInputValue): void {
    this.#db.function(name, { varargs: true }, answer)
  }

  /** Numbers are spent, like PostgreSQL's, also when the transaction is undone. */
  #next(name: string): number {
    const number = (this.#numbers.get(name) ?? 0) + 1
    this.#numbers.set(name, number)
    return number
  }
}

type Prepared = { statement: StatementSync; columns: { name: string; read: Reader | null }[] }

function changed(statement: StatementSync, values: SQLInputValue[]): Answer {
  return { rows: [], changes: Number(statement.run(...values).changes) }
}

function answered({ statement, columns }: Prepared, values: SQLInputValue[]): Answer {
  const rows = (statement.all(...values) as unknown as SQLOutputValue[][]).map((cells) => {
    const row: Record<string, unknown> = {}
    columns.forEach(({ name, read }, index) => {
      const cell = cells[index] ?? null
      row[name] = read === null ? cell : read(cell)
    })
    return row
  })
  return { rows, changes: rows.length }
}

/** PostgreSQL passes over nothing where SQLite's own `max` would answer with nothing. */
function extreme(values: SQLInputValue[], beats: (a: string | number, b: string | number) => boolean): SQLInputValue {
  const known = values.filter((value) => value !== null) as (string | number)[]
  return known.reduce<string | number | null>(
    (best, value) => (best === null || beats(value, best) ? value : best),
    null,
  )
}
