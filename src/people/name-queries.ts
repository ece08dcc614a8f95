import type { Database } from '#db/database.ts'

/** What other features show of a person. */
export type PersonName = { id: string; displayName: string; email: string }

/** Names and addresses of several people, for lists of something that belongs to somebody. */
export async function findNames(db: Database, ids: readonly string[]): Promise<Map<string, PersonName>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('users')
    .select(['id', 'display_name', 'email'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(({ id, display_name: displayName, email }) => [id, { id, displayName, email }]))
}
