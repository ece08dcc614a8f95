import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { readSchemaModel, type SchemaModel } from './schema-model.ts'

let database: TestDatabase
let model: SchemaModel

beforeAll(async () => {
  database = await freshDatabase()
  model = await readSchemaModel()
})

afterAll(() => database.drop())

test('the simulation has the tables and columns that the migrations make in PostgreSQL', async () => {
  const { rows } = await sql<{
    table_name: string
    column_name: string
    type: string
    nullable: boolean
    identity: boolean
  }>`
    select class.relname as table_name, attname as column_name, format_type(atttypid, atttypmod) as type,
      not attnotnull as nullable, attidentity <> '' as identity
    from pg_attribute join pg_class class on class.oid = attrelid
    where class.relnamespace = 'public'::regnamespace and class.relkind = 'r' and attnum > 0 and not attisdropped
      and class.relname <> 'migrations'
    order by 1, 2`.execute(database.db)
  const ours = [...model.tables.values()].flatMap((table) =>
    [...table.columns.values()].map((column) => ({
      table_name: table.name,
      column_name: column.name,
      type: column.type.replace('timestamptz', 'timestamp with time zone'),
      nullable: !column.notNull,
      identity: column.isIdentity,
    })),
  )
  expect(byName(ours)).toEqual(byName(rows))
})

test('constraints and unique indexes have the names that PostgreSQL gives them', async () => {
  const { rows } = await sql<{ name: string }>`
    select conname as name from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('c', 'p', 'u', 'x') and conrelid <> 'migrations'::regclass
    union
    select relname from pg_index join pg_class on pg_class.oid = indexrelid
    where indisunique and relnamespace = 'public'::regnamespace and indrelid <> 'migrations'::regclass`.execute(
    database.db,
  )
  const ours = [...model.tables.values()].flatMap(({ checks, uniques, exclusions, indexes }) => [
    ...[...checks, ...uniques, ...exclusions].map(({ name }) => name),
    ...indexes.filter(({ isUnique }) => isUnique).map(({ name }) => name),
  ])
  expect(ours.sort()).toEqual(rows.map(({ name }) => name).sort())
})

test('foreign keys point where they do in PostgreSQL, and do the same on deletion', async () => {
  const { rows } = await sql<{ from: string; to: string; action: string }>`
    select conrelid::regclass || '.' || attname as from, confrelid::regclass::text as to, confdeltype::text as action
    from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'f' and connamespace = 'public'::regnamespace order by 1`.execute(database.db)
  const actions = new Map([
    [null, 'a'],
    ['cascade', 'c'],
    ['set null', 'n'],
    ['restrict', 'r'],
  ])
  const ours = [...model.tables.values()].flatMap((table) =>
    table.references.map(({ column, table: to, onDelete }) => ({
      from: `${table.name}.${column}`,
      to,
      action: actions.get(onDelete),
    })),
  )
  expect(ours.sort((one, other) => (one.from < other.from ? -1 : 1))).toEqual(
    rows.sort((one, other) => (one.from < other.from ? -1 : 1)),
  )
})

function byName<T extends { table_name: string; column_name: string }>(columns: T[]): T[] {
  const key = ({ table_name: table, column_name: column }: T) => `${table}.${column}`
  return columns.sort((one, other) => (key(one) < key(other) ? -1 : 1))
}
