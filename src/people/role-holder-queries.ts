import type { Database } from '#db/database.ts'
import type { Role } from './contract.ts'

export type RoleHolder = { id: string; name: string; email: string }

/** Everybody active who holds one of these roles and has an address to write to; programs have none. */
export async function readRoleHolders(db: Database, roles: readonly Role[]): Promise<RoleHolder[]> {
  return db
    .selectFrom('users')
    .select(['id', 'display_name as name', 'email'])
    .where('active', '=', true)
    .where('service_account', '=', false)
    .where('email', '<>', '')
    .where('id', 'in', (roleOf) => roleOf.selectFrom('user_roles').select('user_id').where('role', 'in', roles))
    .orderBy('email')
    .execute()
}

/** One person's name and address, if they are active. */
export async function readAddress(db: Database, userId: string): Promise<RoleHolder | undefined> {
  return db
    .selectFrom('users')
    .select(['id', 'display_name as name', 'email'])
    .where('id', '=', userId)
    .where('active', '=', true)
    .executeTakeFirst()
}
