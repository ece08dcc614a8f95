import type { SchemaModel } from './schema-model.ts'

/** An error as `pg` reports it: a code of PostgreSQL's Appendix A and the constraint's name. */
export class DatabaseProblem extends Error {
  readonly code: string
  readonly constraint: string | undefined

  constructor(message: string, code: string, constraint?: string) {
    super(message)
    this.name = 'DatabaseProblem'
    this.code = code
    this.constraint = constraint
  }
}

/** What SQLite says about a broken rule, in PostgreSQL's words; everything else stays what it is. */
export function inWordsOfPostgres(model: SchemaModel, problem: unknown): unknown {
  if (!(problem instanceof Error)) return problem
  const { message } = problem
  const [, rule = '', what = ''] =
    /^(UNIQUE constraint failed|CHECK constraint failed|NOT NULL constraint failed): (.*)$/.exec(message) ?? []
  if (rule.startsWith('UNIQUE')) {
    const name = uniqueName(model, what)
    return new DatabaseProblem(`duplicate key value violates unique constraint "${name}"`, '23505', name)
  }
  if (rule.startsWith('CHECK')) return new DatabaseProblem(`violates check constraint "${what}"`, '23514', what)
  if (rule.startsWith('NOT NULL')) return new DatabaseProblem(`null value in ${what}`, '23502')
  if (message === 'FOREIGN KEY constraint failed') return new DatabaseProblem('violates a foreign key', '23503')
  const exclusion = /^exclusion (\w+)$/.exec(message)?.[1]
  if (exclusion) return new DatabaseProblem(`violates exclusion constraint "${exclusion}"`, '23P01', exclusion)
  return problem
}

/** SQLite names an index on expressions, and otherwise the columns: `leases.lane`. */
function uniqueName(model: SchemaModel, what: string): string {
  const index = /^index '(\w+)'$/.exec(what)?.[1]
  if (index) return index
  const table = model.tables.get(what.slice(0, what.indexOf('.')))
  const columns = what.split(', ').map((name) => name.slice(name.indexOf('.') + 1))
  const same = (names: readonly string[]) => names.join() === columns.join()
  const constraint = table?.uniques.find((unique) => same(unique.columns))
  return constraint?.name ?? table?.indexes.find(({ isUnique, keys }) => isUnique && same(keys))?.name ?? what
}
