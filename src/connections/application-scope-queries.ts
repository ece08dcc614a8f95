import type { Database } from '#db/database.ts'
import { refused } from './errors.ts'

export async function readApplicationScopes(db: Database): Promise<{ id: string; key: string; name: string }[]> {
  return db.selectFrom('application_scopes').selectAll().orderBy('name').execute()
}

export async function ensureApplicationScope(
  trx: Database,
  scope: { id: string; key: string; name: string },
): Promise<string> {
  await trx
    .insertInto('application_scopes')
    .values(scope)
    .onConflict((c) => c.column('key').doNothing())
    .execute()
  const { id } = await trx
    .selectFrom('application_scopes')
    .select('id')
    .where('key', '=', scope.key)
    .executeTakeFirstOrThrow()
  return id
}

/** Where a record goes that names no application scope. @throws `connections.application_scope_not_found` before the records were shipped */
export async function globalScopeId(db: Database): Promise<string> {
  const scope = await db.selectFrom('application_scopes').select('id').where('key', '=', 'global').executeTakeFirst()
  if (scope === undefined) throw refused('connections.application_scope_not_found')
  return scope.id
}

export async function readApplicationScope(db: Database, id: string): Promise<{ id: string; key: string } | undefined> {
  return db.selectFrom('application_scopes').select(['id', 'key']).where('id', '=', id).executeTakeFirst()
}
