import { type RawBuilder, sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { ListQuery } from '#kit/page.ts'
import type { Person } from './contract.ts'
import { type UserRecord, userColumns } from './user-queries.ts'

/** Active people whose name has a word, or whose address starts, with the text. */
export async function searchPeople(db: Database, text: string, limit: number) {
  const start = `${escaped(text)}%`
  return db
    .selectFrom('users')
    .select(['id', 'display_name', 'email'])
    .where('active', '=', true)
    .where('service_account', '=', false)
    .where(
      sql<boolean>`(lower(display_name) like ${start} or lower(display_name) like ${`% ${start}`} or lower(email) like ${start})`,
    )
    .orderBy(sql`lower(display_name)`)
    .orderBy('id')
    .limit(limit)
    .execute()
}

export async function readNames(db: Database, ids: readonly string[]) {
  return db.selectFrom('users').select(['id', 'display_name', 'email']).where('id', 'in', ids).execute()
}

export async function readTimeZone(db: Database, id: string) {
  return db.selectFrom('users').select('time_zone').where('id', '=', id).executeTakeFirst()
}

export async function readByEmail(db: Database, email: string) {
  return db
    .selectFrom('users')
    .select(['id', 'display_name', 'email'])
    .where(sql<string>`lower(email)`, '=', email.toLowerCase())
    .where('tenant_id', 'is not', null)
    .orderBy('last_sign_in_at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

export const sortColumns = {
  displayName: sql`lower(users.display_name)`,
  email: sql`lower(users.email)`,
  lastSignInAt: sql`users.last_sign_in_at`,
  createdAt: sql`users.created_at`,
  active: sql`users.active`,
}

export type UserSort = { column: keyof typeof sortColumns; descending: boolean }

/** One page of users and how many match in all. */
export async function readUsersPage(
  db: Database,
  { q, kind, page, pageSize }: ListQuery & { kind?: Person['kind'] | undefined },
  sort: UserSort,
): Promise<{ rows: UserRecord[]; total: number }> {
  const part = `%${escaped(q ?? '')}%`
  const named = sql<boolean>`(lower(users.display_name) like ${part} or lower(users.email) like ${part})`
  const matches = kind === undefined ? named : sql<boolean>`(${named} and ${ofKind[kind]})`
  const { total } = await db
    .selectFrom('users')
    .select(sql<number>`count(*)::integer`.as('total'))
    .where(matches)
    .executeTakeFirstOrThrow()
  const rows = await db
    .selectFrom('users')
    .select(userColumns)
    .where(matches)
    .orderBy(sortColumns[sort.column], (order) =>
      sort.descending ? order.desc().nullsLast() : order.asc().nullsFirst(),
    )
    .orderBy('users.id')
    .limit(pageSize)
    .offset((page - 1) * pageSize)
    .execute()
  return { rows, total }
}

const ofKind: Record<Person['kind'], RawBuilder<boolean>> = {
  microsoft: sql`users.tenant_id is not null`,
  local: sql`users.tenant_id is null and not users.service_account`,
  service: sql`users.service_account`,
}

/** What a person typed is text, never a pattern. */
function escaped(text: string): string {
  return text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')
}
