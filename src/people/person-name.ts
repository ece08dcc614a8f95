import type { Database } from '#db/database.ts'
import { readByEmail, readNames } from './directory-queries.ts'

/** What other features show of a person. */
export type PersonName = { id: string; displayName: string; email: string }

/** Somebody of the directory by their address, as Outlook names people; the one who signed in last when an address was given anew. */
export async function findPersonByEmail(db: Database, email: string): Promise<PersonName | null> {
  const row = await readByEmail(db, email)
  return row ? { id: row.id, displayName: row.display_name, email: row.email } : null
}

/** Names and addresses of several people, by id, for lists of something that belongs to somebody. Deactivated people keep theirs. */
export async function findPersonNames(db: Database, ids: readonly string[]): Promise<Map<string, PersonName>> {
  if (ids.length === 0) return new Map()
  const rows = await readNames(db, [...new Set(ids)])
  return new Map(rows.map(({ id, display_name: displayName, email }) => [id, { id, displayName, email }]))
}
