import { readMigrations } from '#db/migrate.ts'
import { applyStatement } from './migration-statement.ts'
import { statementsIn } from './migration-text.ts'

export type ColumnModel = {
  name: string
  /** As the migration says it: `timestamptz`, `text[]`, `bigint`. */
  type: string
  notNull: boolean
  default: string | null
  /** Numbered by the database (`generated always as identity`). */
  isIdentity: boolean
}

export type CheckModel = { name: string; expression: string }
export type UniqueModel = { name: string; columns: string[]; isPrimary: boolean }
export type ReferenceModel = { column: string; table: string; onDelete: string | null }
export type IndexModel = { name: string; isUnique: boolean; keys: string[]; where: string | null }

/** `exclude using gist (room_id with =, tstzrange(starts_at, ends_at) with &&) where (...)`: of equal rows no two may overlap. */
export type ExclusionModel = { name: string; equal: string; from: string; until: string; where: string }

export type TableModel = {
  name: string
  columns: Map<string, ColumnModel>
  checks: CheckModel[]
  uniques: UniqueModel[]
  references: ReferenceModel[]
  exclusions: ExclusionModel[]
  indexes: IndexModel[]
}

export type SchemaModel = {
  tables: Map<string, TableModel>
  /** By name, what each selects: in words that SQLite knows too. */
  views: Map<string, string>
}

/** The tables that the migrations make, read from their text, so that a new migration changes the simulation's tables too. */
export async function readSchemaModel(): Promise<SchemaModel> {
  const model: SchemaModel = { tables: new Map(), views: new Map() }
  for (const { name, sql } of await readMigrations()) {
    for (const statement of statementsIn(sql)) {
      try {
        applyStatement(model, statement)
      } catch (cause) {
        throw new Error(`${name}: the simulation's database cannot follow: ${statement.slice(0, 200)}`, { cause })
      }
    }
  }
  return model
}

export function tableNamed(model: SchemaModel, name: string): TableModel {
  const table = model.tables.get(name)
  if (!table) throw new Error(`no table ${name}`)
  return table
}
