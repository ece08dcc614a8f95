import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import { containing, folded, plain, readPage } from '#db/list-query.ts'
import type { Schema } from '#db/schema.ts'
import type { ListQuery } from '#kit/page.ts'

export type CredentialRecord = Selectable<Schema['credentials']>
export type CredentialView = Awaited<ReturnType<typeof readCredentialView>> & object

const sorting = {
  columns: {
    name: folded('credentials.name'),
    type: folded('credentials.type'),
    integrationType: folded('credentials.integration_type'),
    active: plain('credentials.active'),
    oauthEntityProfile: folded('profile.name'),
    tokenState: folded('token.state'),
    tokenAccount: folded('token.account_email'),
    updatedAt: plain('credentials.updated_at'),
    updatedBy: folded('credentials.updated_by'),
  },
  fallback: folded('credentials.name'),
  tieBreaker: 'credentials.id',
}

export type CredentialFilter = ListQuery & {
  applicationScopeId?: string | undefined
  type?: CredentialRecord['type'] | undefined
  integrationType?: 'system' | 'personal' | undefined
  active?: boolean | undefined
}

export async function listCredentialViews(db: Database, filter: CredentialFilter) {
  let query = views(db)
  if (filter.q) {
    const pattern = containing(filter.q)
    query = query.where((where) =>
      where.or([
        where('credentials.name', 'ilike', pattern),
        where('profile.name', 'ilike', pattern),
        where('token.account_email', 'ilike', pattern),
        where('token.account_name', 'ilike', pattern),
      ]),
    )
  }
  if (filter.applicationScopeId) query = query.where('credentials.application_scope_id', '=', filter.applicationScopeId)
  if (filter.type) query = query.where('credentials.type', '=', filter.type)
  if (filter.integrationType) query = query.where('credentials.integration_type', '=', filter.integrationType)
  if (filter.active !== undefined) query = query.where('credentials.active', '=', filter.active)
  return readPage(query, filter, sorting)
}

export async function readCredentialView(db: Database, id: string) {
  return views(db).where('credentials.id', '=', id).executeTakeFirst()
}

export async function readCredentialRow(db: Database, id: string): Promise<CredentialRecord | undefined> {
  return db.selectFrom('credentials').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockCredential(trx: Database, id: string): Promise<CredentialRecord | undefined> {
  return trx.selectFrom('credentials').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function readCredentialsWithValue(db: Database): Promise<CredentialRecord[]> {
  return db.selectFrom('credentials').selectAll().where('secret', 'is not', null).orderBy('id').execute()
}

export async function readPersonalCredentials(db: Database): Promise<CredentialRecord[]> {
  return db
    .selectFrom('credentials')
    .selectAll()
    .where('integration_type', '=', 'personal')
    .where('active', '=', true)
    .orderBy('name')
    .execute()
}

export async function readCredentialsOfProfile(
  db: Database,
  profileIds: readonly string[],
): Promise<Pick<CredentialRecord, 'id' | 'name' | 'integration_type'>[]> {
  if (profileIds.length === 0) return []
  return db
    .selectFrom('credentials')
    .select(['id', 'name', 'integration_type'])
    .where('oauth_entity_profile_id', 'in', profileIds)
    .orderBy('name')
    .execute()
}

export async function insertCredential(trx: Database, row: Insertable<Schema['credentials']>): Promise<void> {
  await trx.insertInto('credentials').values(row).execute()
}

export async function updateCredentialRow(
  trx: Database,
  id: string,
  change: Updateable<Schema['credentials']>,
): Promise<void> {
  await trx
    .updateTable('credentials')
    .set({ ...change, version: sql`version + 1`, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

/** What was typed into the value's field, sealed: a part of a change that has moved the version on already. */
export async function writeCredentialValue(
  trx: Database,
  id: string,
  value: Updateable<Schema['credentials']>,
): Promise<void> {
  await trx.updateTable('credentials').set(value).where('id', '=', id).execute()
}

/** Binds a mailbox to the identity that an accepted sign-in proved. Not an edit by a person, so the version stays. */
export async function pinExpectedAccount(
  trx: Database,
  id: string,
  account: { tenantId: string; objectId: string },
): Promise<void> {
  await trx
    .updateTable('credentials')
    .set({ expected_tenant_id: account.tenantId, expected_object_id: account.objectId })
    .where('id', '=', id)
    .execute()
}

export async function deleteCredentialRow(trx: Database, id: string): Promise<void> {
  await trx.deleteFrom('credentials').where('id', '=', id).execute()
}

export async function ensureCredential(trx: Database, row: Insertable<Schema['credentials']>): Promise<string> {
  const known = await trx
    .selectFrom('credentials')
    .select('id')
    .where(sql`lower(name)`, '=', row.name.toLowerCase())
    .executeTakeFirst()
  if (known !== undefined) return known.id
  await insertCredential(trx, row)
  return row.id
}

function views(db: Database) {
  return db
    .selectFrom('credentials')
    .innerJoin('application_scopes', 'application_scopes.id', 'credentials.application_scope_id')
    .leftJoin('oauth_entity_profiles as profile', 'profile.id', 'credentials.oauth_entity_profile_id')
    .leftJoin('oauth_apps as app', 'app.id', 'profile.oauth_app_id')
    .leftJoin('tokens as token', (join) =>
      join.onRef('token.credential_id', '=', 'credentials.id').on('token.user_id', 'is', null),
    )
    .selectAll('credentials')
    .select((select) => [
      'application_scopes.key as scope_key',
      'application_scopes.name as scope_name',
      'profile.name as profile_name',
      'profile.grant_type as profile_grant_type',
      'app.id as app_id',
      'app.name as app_name',
      'token.state as token_state',
      'token.account_name as token_account_name',
      'token.account_email as token_account_email',
      select
        .selectFrom('connections')
        .select(sql<string>`count(*)`.as('count'))
        .whereRef('connections.credential_id', '=', 'credentials.id')
        .as('used_by_count'),
    ])
}
