import type { Database } from '#db/database.ts'
import { readNames } from './directory-queries.ts'

/** What other features show of a person. */
export type PersonName = { id: string; displayName: string; email: string }

/** Names and addresses of several people, by id, for lists of something that belongs to somebody. Deactivated people keep theirs. */
export async function findPersonNames(db: Database, ids: readonly string[]): Promise<Map<string, PersonName>> {
  if (ids.length === 0) return new Map()
  const rows = await readNames(db, [...new Set(ids)])
  return new Map(rows.map(({ id, display_name: displayName, email }) => [id, { id, displayName, email }]))
}
