import type { Database } from '#db/database.ts'

/** A column that holds sealed values. The feature that owns the table says how they are found and replaced; the vault knows no table but its own. */
export type SealedColumn = {
  /** `table.column`. */
  name: string
  /** How many values this term wrapped. */
  countUnder: (db: Database, term: number) => Promise<number>
  /** The next values that it wrapped, by id, after the given one. */
  readUnder: (db: Database, term: number, page: { afterId: string; limit: number }) => Promise<SealedValue[]>
  /** Puts the new value where the old one still is, and answers how many there were: what changed meanwhile is left alone. */
  replace: (db: Database, changes: readonly SealedChange[]) => Promise<number>
}

export type SealedValue = { id: string; blob: Buffer }
export type SealedChange = { id: string; before: Buffer; after: Buffer }
