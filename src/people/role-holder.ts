import type { Database } from '#db/database.ts'
import type { Role } from './contract.ts'
import { type RoleHolder, readAddress, readRoleHolders } from './role-holder-queries.ts'

export type { RoleHolder }

/** Everybody active who holds one of these roles and can be written to. */
export function roleHolders(db: Database, roles: readonly Role[]): Promise<RoleHolder[]> {
  return readRoleHolders(db, roles)
}

/** One person's name and address; undefined once they are deactivated. */
export function addressOf(db: Database, userId: string): Promise<RoleHolder | undefined> {
  return readAddress(db, userId)
}
