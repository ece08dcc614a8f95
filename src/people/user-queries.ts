import { sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Role } from './contract.ts'

export type UserRecord = {
  id: string
  tenant_id: string | null
  object_id: string | null
  email: string
  display_name: string
  service_account: boolean
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
  'users.service_account',
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

/** The same, held until the transaction ends. */
export async function lockUser(db: Database, id: string): Promise<UserRecord | undefined> {
  return db.selectFrom('users').select(userColumns).where('users.id', '=', id).forUpdate().executeTakeFirst()
}

/** By Microsoft's identity: tenant id and object id, which stay when names and addresses change. */
export async function findMicrosoftUser(
  db: Database,
  identity: { tenantId: string; objectId: string },
): Promise<UserRecord | undefined> {
  return db
    .selectFrom('users')
    .select(userColumns)
    .where('users.tenant_id', '=', identity.tenantId)
    .where('users.object_id', '=', identity.objectId)
    .executeTakeFirst()
}

/** At most two: one local and one of Microsoft's can share an address, and namesakes in several tenants more. */
export async function findUsersByEmail(db: Database, email: string): Promise<UserRecord[]> {
  return db
    .selectFrom('users')
    .select(userColumns)
    .where(sql`lower(users.email)`, '=', email.toLowerCase())
    .orderBy('users.id')
    .limit(10)
    .execute()
}

export async function findLocalUser(db: Database, email: string) {
  return db
    .selectFrom('users')
    .select(['id', 'display_name', 'active', 'password_hash'])
    .where('tenant_id', 'is', null)
    .where('service_account', '=', false)
    .where(sql`lower(email)`, '=', email.toLowerCase())
    .executeTakeFirst()
}

export type NewUser = {
  id: string
  tenant_id: string | null
  object_id: string | null
  email: string
  display_name: string
  password_hash: string | null
  service_account?: boolean
  time_zone: string
  now: Date
}

export async function insertUser(db: Database, { now, ...row }: NewUser): Promise<void> {
  await db
    .insertInto('users')
    .values({ ...row, created_at: now, updated_at: now })
    .execute()
}

/** False when a parallel first sign-in of the same person was there before. */
export async function insertMicrosoftUser(db: Database, { now, ...row }: NewUser): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('users')
    .values({ ...row, created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'object_id']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Name and address as Microsoft says them today. Not an edit by anybody, so the version stays. */
export async function refreshProfile(
  db: Database,
  { id, email, displayName }: { id: string; email: string; displayName: string },
): Promise<void> {
  await db.updateTable('users').set({ email, display_name: displayName }).where('id', '=', id).execute()
}

export async function setTimeZone(db: Database, id: string, timeZone: string): Promise<void> {
  await db.updateTable('users').set({ time_zone: timeZone }).where('id', '=', id).execute()
}

export async function noteSignIn(db: Database, id: string, now: Date): Promise<void> {
  await db.updateTable('users').set({ last_sign_in_at: now }).where('id', '=', id).execute()
}

export async function setPasswordHash(db: Database, id: string, passwordHash: string): Promise<void> {
  await db.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', id).execute()
}

export async function addRoles(db: Database, userId: string, roles: readonly Role[]): Promise<void> {
  if (roles.length === 0) return
  await db
    .insertInto('user_roles')
    .values(roles.map((role) => ({ user_id: userId, role })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function replaceRoles(db: Database, userId: string, roles: readonly Role[]): Promise<void> {
  await db.deleteFrom('user_roles').where('user_id', '=', userId).execute()
  await addRoles(db, userId, roles)
}

export async function updateUserRow(
  db: Database,
  id: string,
  change: { active: boolean; updatedBy: string; now: Date },
): Promise<void> {
  await db
    .updateTable('users')
    .set({
      active: change.active,
      updated_by: change.updatedBy,
      updated_at: change.now,
      version: sql`version + 1`,
    })
    .where('id', '=', id)
    .execute()
}

/** Two changes that each leave one administrator must not leave none: they take turns until their transactions end. */
export async function lockAdministrators(db: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('people.administrators'))`.execute(db)
}

export async function countActiveAdministrators(db: Database, { except }: { except: string }): Promise<number> {
  const { count } = await db
    .selectFrom('users')
    .innerJoin('user_roles', 'user_roles.user_id', 'users.id')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('user_roles.role', '=', 'admin')
    .where('users.active', '=', true)
    // A program with the role admin can bring nobody back in.
    .where('users.service_account', '=', false)
    .where('users.id', '<>', except)
    .executeTakeFirstOrThrow()
  return count
}

/** Somebody who can sign in here even while Microsoft cannot be reached. */
export async function localAdministratorExists(db: Database): Promise<boolean> {
  const found = await db
    .selectFrom('users')
    .innerJoin('user_roles', 'user_roles.user_id', 'users.id')
    .select('users.id')
    .where('user_roles.role', '=', 'admin')
    .where('users.active', '=', true)
    .where('users.password_hash', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
