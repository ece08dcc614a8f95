import type { Database } from '#db/database.ts'
import type { TokenScope } from '#http/contract.ts'
import { type UserRecord, userColumns } from './user-queries.ts'

export type ApiTokenRecord = {
  id: string
  public_id: string
  name: string
  scopes: TokenScope[]
  created_at: Date
  expires_at: Date
  last_used_at: Date | null
}

const columns = ['id', 'public_id', 'name', 'scopes', 'created_at', 'expires_at', 'last_used_at'] as const

export async function insertApiToken(
  db: Database,
  row: Omit<ApiTokenRecord, 'last_used_at'> & { secret_hash: Buffer; user_id: string },
): Promise<void> {
  await db.insertInto('api_tokens').values(row).execute()
}

export async function countUsableApiTokensOf(db: Database, userId: string, now: Date): Promise<number> {
  const { count } = await db
    .selectFrom('api_tokens')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(count)
}

export type UsableToken = UserRecord & {
  token_id: string
  token_name: string
  scopes: TokenScope[]
  secret_hash: Buffer
  last_used_at: Date | null
}

/** A usable token by its public half, with its active person. The caller compares the secret half. */
export async function findUsableApiToken(db: Database, publicId: string, now: Date): Promise<UsableToken | undefined> {
  return db
    .selectFrom('api_tokens')
    .innerJoin('users', 'users.id', 'api_tokens.user_id')
    .select(userColumns)
    .select(['api_tokens.id as token_id', 'api_tokens.name as token_name'])
    .select(['api_tokens.scopes', 'api_tokens.secret_hash', 'api_tokens.last_used_at'])
    .where('api_tokens.public_id', '=', publicId)
    .where('api_tokens.revoked_at', 'is', null)
    .where('api_tokens.expires_at', '>', now)
    .where('users.active', '=', true)
    .executeTakeFirst()
}

/** Revoked and expired ones too. */
export async function findApiTokenName(
  db: Database,
  publicId: string,
): Promise<{ id: string; name: string } | undefined> {
  return db.selectFrom('api_tokens').select(['id', 'name']).where('public_id', '=', publicId).executeTakeFirst()
}

export async function touchApiToken(db: Database, id: string, now: Date): Promise<void> {
  await db.updateTable('api_tokens').set({ last_used_at: now }).where('id', '=', id).execute()
}

/** Those that work longest first, so that expired ones never push a working one off the list. */
export async function listApiTokensOf(db: Database, userId: string): Promise<ApiTokenRecord[]> {
  return db
    .selectFrom('api_tokens')
    .select(columns)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .orderBy('expires_at', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
}

/** The owner is part of the condition: somebody else's token is not found, whoever knows its id. */
export async function revokeApiTokenOf(
  db: Database,
  { id, userId, now }: { id: string; userId: string; now: Date },
): Promise<ApiTokenRecord | undefined> {
  return db
    .updateTable('api_tokens')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .where('revoked_at', 'is', null)
    .returning(columns)
    .executeTakeFirst()
}
