import { sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Role } from './contract.ts'

export type UserRecord = {
  id: string
  tenant_id: string | null
  object_id: string | null
  email: string
  display_name: string
  active: boolean
  time_zone: string
  last_sign_in_at: Date | null
  created_at: Date
  updated_at: Date
  updated_by: string
  version: number
  roles: string[]
}

/** Everything about a person except the password hash, which only the password check reads. */
export const userColumns = [
  'users.id',
  'users.tenant_id',
  'users.object_id',
  'users.email',
  'users.display_name',
  'users.active',
  'users.time_zone',
  'users.last_sign_in_at',
  'users.created_at',
  'users.updated_at',
  'users.updated_by',
  'users.version',
  sql<string[]>`array(select role from user_roles where user_roles.user_id = users.id)`.as('roles'),
] as const

export async function findUser(db: Database, id: string): Promise<UserRecord | undefined> {
  return db.selectFrom('users').select(userColumns).where('users.id', '=', id).executeTakeFirst()
}

export type NewUser = {
  id: string
  tenant_id: string | null
  object_id: string | null
  email: string
  display_name: string
  password_hash: string | null
  time_zone: string
}

export async function insertUser(db: Database, row: NewUser & { now: Date }): Promise<void> {
  const { now, ...rest } = row
  await db
    .insertInto('users')
    .values({ ...rest, created_at: now, updated_at: now })
    .execute()
}

export async function addRoles(db: Database, userId: string, roles: readonly Role[]): Promise<void> {
  if (roles.length === 0) return
  await db
    .insertInto('user_roles')
    .values(roles.map((role) => ({ user_id: userId, role })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
