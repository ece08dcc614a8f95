import { inside, partsOf, wordsOf } from './migration-text.ts'
import { type SchemaModel, type TableModel, tableNamed } from './schema-model.ts'
import { addColumn, addTableConstraint } from './table-clause.ts'

/** Makes a statement of a migration true of the model. Functions, triggers and data are nothing that an empty model has. */
export function applyStatement(model: SchemaModel, statement: string): void {
  const text = statement.replaceAll(/\s+/g, ' ')
  const known = statements.find(([pattern]) => pattern.test(text))
  if (!known) throw new Error('an unknown kind of statement')
  known[1](model, text)
}

const statements: [RegExp, (model: SchemaModel, text: string) => void][] = [
  [/^create (unlogged )?table /i, createTable],
  [/^create (unique )?index /i, createIndex],
  [/^drop index /i, dropIndex],
  [/^drop table /i, dropTable],
  [/^create view /i, createView],
  [/^drop view /i, dropView],
  [/^alter table /i, alterTable],
  [
    /^(create (or replace )?(extension|function|trigger)|drop (function|trigger)|update|delete|comment on)\b/i,
    () => {},
  ],
  [/^do \$\$/i, () => {}],
  [/^insert into \w+ \([^)]*\) select /i, () => {}],
]

function createTable(model: SchemaModel, statement: string): void {
  const name = /^create (?:unlogged )?table (?:if not exists )?(\w+)/i.exec(statement)?.[1] ?? ''
  const table: TableModel = {
    name,
    columns: new Map(),
    checks: [],
    uniques: [],
    references: [],
    exclusions: [],
    indexes: [],
  }
  for (const part of partsOf(inside(statement))) {
    if (isConstraint(part)) addTableConstraint(table, part)
    else addColumn(table, part)
  }
  model.tables.set(name, table)
}

function isConstraint(part: string): boolean {
  return /^(constraint|check|unique|primary key|foreign key|exclude)\b/i.test(part)
}

function createIndex(model: SchemaModel, text: string): void {
  const found = /^create (unique )?index (?:if not exists )?(\w+) on (\w+) (?:using \w+ )?(.*)$/i.exec(text)
  const [keys = '', , where = null] = wordsOf(found?.[4] ?? '')
  const condition = where === null ? null : (found?.[4] ?? '').slice(keys.length + ' where '.length).trim()
  tableNamed(model, found?.[3] ?? '').indexes.push({
    name: found?.[2] ?? '',
    isUnique: found?.[1] !== undefined,
    keys: partsOf(inside(keys)).map((key) => key.replace(/ (text_pattern_ops|\w+_ops)\b/i, '')),
    where: condition,
  })
}

function dropIndex(model: SchemaModel, text: string): void {
  const name = /^drop index (?:if exists )?(\w+)/i.exec(text)?.[1]
  for (const table of model.tables.values()) table.indexes = table.indexes.filter((index) => index.name !== name)
}

function dropTable(model: SchemaModel, text: string): void {
  model.tables.delete(/^drop table (?:if exists )?(\w+)/i.exec(text)?.[1] ?? '')
}

function createView(model: SchemaModel, text: string): void {
  const [, name = '', selects = ''] = /^create view (\w+) as (.*)$/i.exec(text) ?? []
  model.views.set(name, selects)
}

function dropView(model: SchemaModel, text: string): void {
  model.views.delete(/^drop view (?:if exists )?(\w+)/i.exec(text)?.[1] ?? '')
}

function alterTable(model: SchemaModel, text: string): void {
  const found = /^alter table (?:only )?(\w+) (.*)$/i.exec(text)
  const table = tableNamed(model, found?.[1] ?? '')
  for (const action of partsOf(found?.[2] ?? '')) alter(model, table, action)
}

function alter(model: SchemaModel, table: TableModel, action: string): void {
  const known = alterations.find(([words]) => action.toLowerCase().startsWith(`${words} `))
  if (!known) throw new Error(`an unknown change of a table: ${action}`)
  known[1](table, action.slice(known[0].length + 1), model)
}

const alterations: [string, (table: TableModel, rest: string, model: SchemaModel) => void][] = [
  ['add column', addColumn],
  ['drop column', dropColumn],
  ['add constraint', (table, rest) => addTableConstraint(table, `constraint ${rest}`)],
  ['drop constraint', dropConstraint],
  ['alter column', (table, rest) => alterColumn(table, rest.split(' ')[0] ?? '', rest.slice(rest.indexOf(' ') + 1))],
  ['rename to', rename],
]

function rename(table: TableModel, name: string, model: SchemaModel): void {
  model.tables.delete(table.name)
  model.tables.set(name, Object.assign(table, { name }))
}

function alterColumn(table: TableModel, name: string, change: string): void {
  const column = table.columns.get(name)
  if (!column) throw new Error(`no column ${name}`)
  const value = /^(?:set default|type|set data type) (.*)$/i.exec(change)?.[1] ?? ''
  if (/^drop not null/i.test(change)) column.notNull = false
  else if (/^set not null/i.test(change)) column.notNull = true
  else if (/^drop default/i.test(change)) column.default = null
  else if (/^set default/i.test(change)) column.default = value
  else if (/^(set data )?type/i.test(change)) column.type = value.replace(/ using .*/i, '')
  else throw new Error(`an unknown change of a column: ${change}`)
}

function dropColumn(table: TableModel, name: string): void {
  const without = new RegExp(`\\b${name}\\b`)
  table.columns.delete(name)
  table.checks = table.checks.filter(({ expression }) => !without.test(expression))
  table.uniques = table.uniques.filter(({ columns }) => !columns.includes(name))
  table.references = table.references.filter(({ column }) => column !== name)
  table.indexes = table.indexes.filter(({ keys, where }) => !without.test(`${keys} ${where}`))
}

function dropConstraint(table: TableModel, name: string): void {
  const count = table.checks.length + table.uniques.length + table.exclusions.length
  table.checks = table.checks.filter((check) => check.name !== name)
  table.uniques = table.uniques.filter((unique) => unique.name !== name)
  table.exclusions = table.exclusions.filter((exclusion) => exclusion.name !== name)
  if (table.checks.length + table.uniques.length + table.exclusions.length < count) return
  const column = new RegExp(`^${table.name}_(\\w+)_fkey$`).exec(name)?.[1]
  if (!table.references.some((reference) => reference.column === column)) throw new Error(`no constraint ${name}`)
  table.references = table.references.filter((reference) => reference.column !== column)
}
