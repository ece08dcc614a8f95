import type { ColumnModel, ExclusionModel, IndexModel, SchemaModel, TableModel } from './schema-model.ts'
import { inWordsOfSqlite } from './statement-text.ts'

/** The statements that make the model's tables in SQLite, with the same rules as far as SQLite has words for them. */
export function sqliteSchema(model: SchemaModel): string[] {
  const tables = [...model.tables.values()]
  return [
    ...tables.map(tableStatement),
    ...tables.flatMap((table) => table.indexes.map((index) => indexStatement(table, index))),
    ...tables.flatMap((table) => table.exclusions.flatMap((exclusion) => exclusionTriggers(table, exclusion))),
    chainEnd,
    ...[...model.views].map(([name, selects]) => `create view "${name}" as ${inWordsOfSqlite(selects)}`),
  ]
}

/** The end of the audit trail's chain, which is a function in PostgreSQL (migration 0002). Nobody else writes meanwhile here. */
const chainEnd = `create view "audit_chain_end" as select clock_timestamp() as at,
  (select hash from audit_entries order by seq desc limit 1) as previous_hash`

function tableStatement(table: TableModel): string {
  const identity = identityKey(table)
  const clauses = [
    ...[...table.columns.values()].map((column) => columnClause(table, column)),
    ...table.uniques
      .filter(({ columns }) => columns[0] !== identity || columns.length > 1)
      .map(({ columns, isPrimary }) => `${isPrimary ? 'primary key' : 'unique'} (${quoted(columns)})`),
    ...table.checks
      .filter(({ expression }) => !inWordsOfPostgres.test(expression))
      .map(({ name, expression }) => `constraint "${name}" check (${expression})`),
    ...table.references.map(
      ({ column, table: other, onDelete }) =>
        `foreign key ("${column}") references "${other}"${onDelete ? ` on delete ${onDelete}` : ''}`,
    ),
  ]
  return `create table "${table.name}" (\n  ${clauses.join(',\n  ')}\n)${identity ? '' : ' without rowid'}`
}

/** Regular expressions and array operators. Such checks are about configuration, which the simulation does not write. */
const inWordsOfPostgres = /~|<@|@>|&&|\bcardinality\b|\barray\[/i

/** A primary key that the database numbers is SQLite's row id. */
function identityKey(table: TableModel): string | null {
  const key = table.uniques.find(({ isPrimary }) => isPrimary)?.columns ?? []
  return key.length === 1 && table.columns.get(key[0] ?? '')?.isIdentity ? (key[0] ?? null) : null
}

function columnClause(table: TableModel, column: ColumnModel): string {
  if (column.name === identityKey(table)) return `"${column.name}" integer primary key autoincrement`
  const value = column.isIdentity ? `(next_identity('${table.name}.${column.name}'))` : defaultOf(column)
  return [
    `"${column.name}" ${affinityOf(column.type)}`,
    column.notNull ? ' not null' : '',
    value === null ? '' : ` default ${value}`,
  ].join('')
}

function affinityOf(type: string): string {
  if (/^(bigint|integer|smallint|boolean)$/.test(type)) return 'integer'
  if (type === 'bytea') return 'blob'
  if (/^(double precision|real|numeric)/.test(type)) return 'real'
  return 'text'
}

function defaultOf({ type, default: value }: ColumnModel): string | null {
  if (value === null) return null
  if (type.endsWith('[]')) return `'${JSON.stringify(arrayLiteral(value))}'`
  return /^\w+\(/.test(value) ? `(${value})` : value
}

/** `'{a,b}'`, PostgreSQL's way to write an array. */
function arrayLiteral(text: string): string[] {
  const items = text.replaceAll(/^'\{|\}'$/g, '')
  return items === '' ? [] : items.split(',')
}

function indexStatement(table: TableModel, { name, isUnique, keys, where }: IndexModel): string {
  const condition = where === null ? '' : ` where ${where}`
  // SQLite refuses an index on a constant; one row at most is what `((true))` says.
  const usable = keys.map((key) => (key === '(true)' ? `("${[...table.columns.keys()][0]}" is not null)` : key))
  return `create ${isUnique ? 'unique ' : ''}index "${name}" on "${table.name}" (${usable.join(', ')})${condition}`
}

function exclusionTriggers(table: TableModel, { name, equal, from, until, where }: ExclusionModel): string[] {
  const key = table.uniques.find(({ isPrimary }) => isPrimary)?.columns[0] ?? 'id'
  const ofRow = (row: string) =>
    where.replaceAll(/'[^']*'|\b\w+\b/g, (word) => (table.columns.has(word) ? `${row}."${word}"` : word))
  const clash = `select 1 from "${table.name}" other where other."${equal}" = new."${equal}" and other."${key}" <> new."${key}"
    and other."${from}" < new."${until}" and new."${from}" < other."${until}" and ${ofRow('other')}`
  return ['insert', 'update'].map(
    (verb) => `create trigger "${name}_on_${verb}" before ${verb} on "${table.name}" when ${ofRow('new')}
  begin select raise(abort, 'exclusion ${name}') where exists (${clash}); end`,
  )
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ')
}
