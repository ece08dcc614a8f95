import { inside, partsOf, wordsOf } from './migration-text.ts'
import { type SchemaModel, type TableModel, tableNamed } from './schema-model.ts'
import { addColumn, addTableConstraint } from './table-clause.ts'

/** Makes a statement of a migration true of the model. Functions, triggers and data are nothing that an empty model has. */
export function applyStatement(model: SchemaModel, statement: string): void {
  const text = statement.replaceAll(/\s+/g, ' ')
  if (/^create table /i.test(text)) return createTable(model, statement)
  if (/^create (unique )?index /i.test(text)) return createIndex(model, text)
  if (/^drop index /i.test(text)) return dropIndex(model, text)
  if (/^drop table /i.test(text)) return dropTable(model, text)
  if (/^alter table /i.test(text)) return alterTable(model, text)
  if (ignored.test(text)) return
  throw new Error('an unknown kind of statement')
}

const ignored =
  /^(create (or replace )?(extension|function|trigger)|drop (function|trigger)|update|delete|comment on)\b|^do \$\$/i

function createTable(model: SchemaModel, statement: string): void {
  const name = /^create table (?:if not exists )?(\w+)/i.exec(statement)?.[1] ?? ''
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
  model.set(name, table)
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
  for (const table of model.values()) table.indexes = table.indexes.filter((index) => index.name !== name)
}

function dropTable(model: SchemaModel, text: string): void {
  model.delete(/^drop table (?:if exists )?(\w+)/i.exec(text)?.[1] ?? '')
}

function alterTable(model: SchemaModel, text: string): void {
  const found = /^alter table (?:only )?(\w+) (.*)$/i.exec(text)
  const table = tableNamed(model, found?.[1] ?? '')
  for (const action of partsOf(found?.[2] ?? '')) alter(model, table, action)
}

function alter(model: SchemaModel, table: TableModel, action: string): void {
  const [verb = '', noun = '', name = ''] = action.split(' ')
  const rest = action.split(' ').slice(2).join(' ')
  switch (`${verb} ${noun}`.toLowerCase()) {
    case 'add column':
      return addColumn(table, rest)
    case 'drop column':
      return dropColumn(table, name)
    case 'add constraint':
      return addTableConstraint(table, `constraint ${rest}`)
    case 'drop constraint':
      return dropConstraint(table, name)
    case 'alter column':
      return alterColumn(table, name, action.split(' ').slice(3).join(' '))
    case 'rename to':
      model.delete(table.name)
      model.set(name, Object.assign(table, { name }))
      return
    default:
      throw new Error(`an unknown change of a table: ${action}`)
  }
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
