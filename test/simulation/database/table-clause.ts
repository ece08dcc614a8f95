import { inside, partsOf, wordsOf } from './migration-text.ts'
import type { ColumnModel, TableModel } from './schema-model.ts'

/** `name type [not null] [default x] [primary key] [unique] [references t] [check (...)] [generated ... as identity]`. */
export function addColumn(table: TableModel, clause: string): void {
  const [name = '', ...words] = wordsOf(clause)
  const end = words.findIndex((word) => clauseWords.has(word.toLowerCase()))
  const type = words.slice(0, end < 0 ? words.length : end).join(' ')
  const column: ColumnModel = { name, type: type.toLowerCase(), notNull: false, default: null, isIdentity: false }
  table.columns.set(name, column)
  const rest = words.slice(end < 0 ? words.length : end)
  while (rest.length > 0) takeClause(table, column, rest)
}

const clauseWords = new Set('not null default primary unique references check generated collate constraint'.split(' '))

function takeClause(table: TableModel, column: ColumnModel, rest: string[]): void {
  const word = (rest.shift() ?? '').toLowerCase()
  switch (word) {
    case 'not':
      rest.shift()
      column.notNull = true
      return
    case 'null':
      return
    case 'default':
      column.default = takeDefault(rest)
      return
    case 'primary':
      rest.shift()
      column.notNull = true
      table.uniques.push({ name: `${table.name}_pkey`, columns: [column.name], isPrimary: true })
      return
    case 'unique':
      table.uniques.push({ name: `${table.name}_${column.name}_key`, columns: [column.name], isPrimary: false })
      return
    case 'references':
      table.references.push({ column: column.name, table: rest.shift() ?? '', onDelete: takeOnDelete(rest) })
      return
    case 'check':
      table.checks.push({ name: checkName(table, [column.name]), expression: inside(rest.shift() ?? '') })
      return
    case 'generated':
      rest.splice(0, 3)
      column.isIdentity = true
      column.notNull = true
      return
    case 'collate':
      rest.shift() // SQLite compares text byte by byte, as "C" does.
      return
    default:
      throw new Error(`an unknown word in a column: ${word}`)
  }
}

/** A literal, a name, or a call with its arguments. */
function takeDefault(rest: string[]): string {
  const value = rest.shift() ?? ''
  return rest[0]?.startsWith('(') ? value + rest.shift() : value
}

function takeOnDelete(rest: string[]): string | null {
  if (rest[0]?.startsWith('(')) rest.shift()
  if (rest[0]?.toLowerCase() !== 'on') return null
  const [, , action = '', more = ''] = rest.splice(0, rest[2]?.toLowerCase() === 'set' ? 4 : 3)
  return `${action} ${more}`.trim().toLowerCase()
}

/** Constraints as a table has them: check, unique, primary key, foreign key, exclude; with a name or with PostgreSQL's own. */
export function addTableConstraint(table: TableModel, clause: string): void {
  const words = wordsOf(clause)
  const given = words[0]?.toLowerCase() === 'constraint' ? (words.splice(0, 2)[1] ?? '') : null
  const kind = (words[0] ?? '').toLowerCase()
  if (kind === 'check') {
    const expression = inside(words[1] ?? '')
    table.checks.push({ name: given ?? checkName(table, columnsIn(table, expression)), expression })
  } else if (kind === 'unique') {
    const columns = partsOf(inside(words[1] ?? ''))
    table.uniques.push({ name: given ?? `${table.name}_${columns.join('_')}_key`, columns, isPrimary: false })
  } else if (kind === 'primary') {
    const columns = partsOf(inside(words[2] ?? ''))
    for (const name of columns) Object.assign(table.columns.get(name) ?? {}, { notNull: true })
    table.uniques.push({ name: given ?? `${table.name}_pkey`, columns, isPrimary: true })
  } else if (kind === 'foreign') {
    const [column = ''] = partsOf(inside(words[2] ?? ''))
    table.references.push({ column, table: words[4] ?? '', onDelete: takeOnDelete(words.slice(5)) })
  } else if (kind === 'exclude') {
    addExclusion(table, given ?? '', clause)
  } else throw new Error(`an unknown constraint: ${clause}`)
}

function addExclusion(table: TableModel, name: string, clause: string): void {
  const found =
    /using gist \((\w+) with =, tstzrange\((\w+), (\w+)\) with &&\)\s*where \(([\s\S]*)\)$/i.exec(clause.trim()) ?? []
  const [, equal = '', from = '', until = '', where = ''] = found
  if (equal === '') throw new Error('an exclusion of another form')
  table.exclusions.push({ name, equal, from, until, where })
}

function columnsIn(table: TableModel, expression: string): string[] {
  const names = expression.replaceAll(/'(?:[^']|'')*'/g, '').match(/\w+/g) ?? []
  return [...new Set(names.filter((name) => table.columns.has(name)))]
}

/** PostgreSQL names a check after its only column, or after the table; a second one of the name gets a number. */
function checkName(table: TableModel, columns: string[]): string {
  const base = columns.length === 1 ? `${table.name}_${columns[0]}_check` : `${table.name}_check`
  const taken = new Set(table.checks.map(({ name }) => name))
  for (let number = 0; ; number++) {
    const name = number === 0 ? base : `${base}${number}`
    if (!taken.has(name)) return name
  }
}
