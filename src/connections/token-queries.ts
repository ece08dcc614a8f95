import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Schema } from '#db/schema.ts'

export type TokenRecord = Selectable<Schema['tokens']>

/** A System credential has one token, with `userId` null; a Personal one has a token for each person. */
export type TokenOwner = { credentialId: string; userId: string | null }

export async function readToken(db: Database, owner: TokenOwner): Promise<TokenRecord | undefined> {
  return ownedTokens(db, owner).executeTakeFirst()
}

export async function readTokenById(db: Database, id: string): Promise<TokenRecord | undefined> {
  return db.selectFrom('tokens').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockToken(trx: Database, owner: TokenOwner): Promise<TokenRecord | undefined> {
  return ownedTokens(trx, owner).forUpdate().executeTakeFirst()
}

export async function insertToken(trx: Database, row: Insertable<Schema['tokens']>): Promise<void> {
  await trx.insertInto('tokens').values(row).execute()
}

/** Every write ends a refresh that may be under way: its fence no longer fits, so it cannot overwrite this. */
export async function updateToken(trx: Database, id: string, change: Updateable<Schema['tokens']>): Promise<void> {
  await trx
    .updateTable('tokens')
    .set({
      ...change,
      version: sql`version + 1`,
      refresh_fence: sql`refresh_fence + 1`,
      refresh_owner: null,
      refresh_until: null,
    })
    .where('id', '=', id)
    .execute()
}

export async function noteProbe(
  db: Database,
  id: string,
  probe: { ok: boolean; say: string; at: Date },
): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ probe_ok: probe.ok, probe_say: probe.say, probed_at: probe.at })
    .where('id', '=', id)
    .execute()
}

/** At most one write a minute and token, however many calls are made with it. */
export async function noteUse(
  db: Database,
  id: string,
  { now, notSince }: { now: Date; notSince: Date },
): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where((where) => where.or([where('last_used_at', 'is', null), where('last_used_at', '<', notSince)]))
    .execute()
}

/** The tokens of these credentials stop working until somebody signs in again. `why` is shown on their panels. */
export async function requireSignInAgain(
  trx: Database,
  credentialIds: readonly string[],
  why: { code: string; say: string; at: Date },
): Promise<void> {
  if (credentialIds.length === 0) return
  await trx
    .updateTable('tokens')
    .set({
      state: 'reauth_required',
      last_error_code: why.code,
      last_error_say: why.say,
      last_error_at: why.at,
      version: sql`version + 1`,
      refresh_fence: sql`refresh_fence + 1`,
      refresh_owner: null,
      refresh_until: null,
    })
    .where('credential_id', 'in', credentialIds)
    .where('state', '=', 'ready')
    .execute()
}

/** Credentials that hold tokens of an OAuth app. */
export async function readCredentialIdsOfApp(db: Database, appId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('tokens')
    .select('credential_id')
    .distinct()
    .where('oauth_app_id', '=', appId)
    .execute()
  return rows.map(({ credential_id }) => credential_id)
}

export async function readTokensOfUser(
  db: Database,
  userId: string,
  credentialIds: readonly string[],
): Promise<TokenRecord[]> {
  if (credentialIds.length === 0) return []
  return db
    .selectFrom('tokens')
    .selectAll()
    .where('user_id', '=', userId)
    .where('credential_id', 'in', credentialIds)
    .execute()
}

/** Tokens that lapse before then if nobody uses them, the most urgent first. */
export async function readLapsingTokens(db: Database, before: Date, limit: number): Promise<TokenRecord[]> {
  return db
    .selectFrom('tokens')
    .selectAll()
    .where('state', '=', 'ready')
    .where('works_until', '<', before)
    .orderBy('works_until')
    .limit(limit)
    .execute()
}

export async function countPersonalTokens(
  db: Database,
  credentialId: string,
): Promise<{ ready: number; needSignIn: number }> {
  const row = await db
    .selectFrom('tokens')
    .select([
      sql<string>`count(*) filter (where state = 'ready')`.as('ready'),
      sql<string>`count(*) filter (where state = 'reauth_required')`.as('need_sign_in'),
    ])
    .where('credential_id', '=', credentialId)
    .where('user_id', 'is not', null)
    .executeTakeFirst()
  return { ready: Number(row?.ready ?? 0), needSignIn: Number(row?.need_sign_in ?? 0) }
}

// Refresh lease. Its times are the database's, so that the clocks of several machines do not matter.

export type Lease = { tokenId: string; version: number; fence: string }

/** Takes the right to refresh this version of a token, unless someone has it. Null: somebody was faster, or it changed meanwhile. */
export async function takeRefreshLease(
  db: Database,
  { tokenId, version, owner, leaseMs }: { tokenId: string; version: number; owner: string; leaseMs: number },
): Promise<Lease | null> {
  const row = await db
    .updateTable('tokens')
    .set({
      refresh_owner: owner,
      refresh_fence: sql`refresh_fence + 1`,
      refresh_until: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`,
    })
    .where('id', '=', tokenId)
    .where('version', '=', version)
    .where('state', '=', 'ready')
    .where((where) =>
      where.or([where('refresh_until', 'is', null), where('refresh_until', '<', sql<Date>`clock_timestamp()`)]),
    )
    .returning('refresh_fence')
    .executeTakeFirst()
  return row === undefined ? null : { tokenId, version, fence: row.refresh_fence }
}

/** Commits what a refresh brought, if this lease still counts and nobody changed the token. */
export async function commitRefresh(
  db: Database,
  lease: Lease,
  change: Updateable<Schema['tokens']>,
): Promise<boolean> {
  const row = await db
    .updateTable('tokens')
    .set({ ...change, version: sql`version + 1`, refresh_owner: null, refresh_until: null })
    .where('id', '=', lease.tokenId)
    .where('version', '=', lease.version)
    .where('refresh_fence', '=', lease.fence)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The provider refused this very version for good. False when the token changed meanwhile: then the refusal is about an old one. */
export async function endRefused(
  db: Database,
  lease: Lease,
  why: { code: string; say: string; at: Date },
): Promise<boolean> {
  return commitRefresh(db, lease, {
    state: 'reauth_required',
    last_error_code: why.code,
    last_error_say: why.say,
    last_error_at: why.at,
  })
}

/** Gives the lease back after a failure. Until the pause is over nobody tries again; readers are told the error instead of waiting. */
export async function giveUpRefresh(
  db: Database,
  lease: Lease,
  failure: { code: string; say: string; at: Date; pauseMs: number },
): Promise<void> {
  await db
    .updateTable('tokens')
    .set({
      refresh_owner: null,
      refresh_until: sql`clock_timestamp() + ${failure.pauseMs} * interval '1 millisecond'`,
      last_error_code: failure.code,
      last_error_say: failure.say,
      last_error_at: failure.at,
    })
    .where('id', '=', lease.tokenId)
    .where('refresh_fence', '=', lease.fence)
    .execute()
}

/** What a waiter sees: `under_way` while the lease holds, `pausing` after a failure, `free` otherwise. */
export async function readRefreshState(db: Database, id: string): Promise<'under_way' | 'pausing' | 'free'> {
  const row = await db
    .selectFrom('tokens')
    .select(['refresh_owner', sql<boolean>`coalesce(refresh_until > clock_timestamp(), false)`.as('held')])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined || !row.held) return 'free'
  return row.refresh_owner === null ? 'pausing' : 'under_way'
}

function ownedTokens(db: Database, { credentialId, userId }: TokenOwner) {
  const tokens = db.selectFrom('tokens').selectAll().where('credential_id', '=', credentialId)
  return userId === null ? tokens.where('user_id', 'is', null) : tokens.where('user_id', '=', userId)
}
