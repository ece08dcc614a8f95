import type { SQLInputValue, SQLOutputValue, StatementColumnMetadata } from 'node:sqlite'
import type { SchemaModel } from './schema-model.ts'

/** A parameter as SQLite keeps it: instants as ISO text, which sorts by time; what is JSON as its text. */
export function toSqlite(value: unknown): SQLInputValue {
  if (value === undefined || value === null) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return value
  if (typeof value === 'object') return JSON.stringify(value)
  return value as SQLInputValue
}

export type Reader = (value: SQLOutputValue) => unknown

/** How a column of an answer becomes what `pg` would give: by the type it has in its table. */
export function readerOf(model: SchemaModel, { table, column }: StatementColumnMetadata): Reader | null {
  const type = table === null ? undefined : model.tables.get(table)?.columns.get(column ?? '')?.type
  if (type === undefined) return readComputed
  if (type === 'timestamptz') return (value) => (value === null ? null : new Date(String(value)))
  if (type === 'boolean') return (value) => (value === null ? null : value === 1)
  if (type === 'bigint' || type.startsWith('numeric')) return (value) => (value === null ? null : String(value))
  if (type === 'json' || type === 'jsonb' || type.endsWith('[]')) return readJson
  if (type === 'bytea') return (value) => (value instanceof Uint8Array ? Buffer.from(value) : value)
  return null
}

function readJson(value: SQLOutputValue): unknown {
  return value === null ? null : JSON.parse(String(value))
}

/** The least or greatest instant of several is the only computed value that is not what it looks like. */
function readComputed(value: SQLOutputValue): unknown {
  return typeof value === 'string' && instant.test(value) ? new Date(value) : value
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
