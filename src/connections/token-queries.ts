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

/** Their last use. A row that somebody else holds, such as one that is being refreshed, is left out: it is noted again a minute later. */
export async function noteUses(db: Database, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return
  const free = db.selectFrom('tokens').select('id').where('id', 'in', ids).orderBy('id').forUpdate().skipLocked()
  await db.updateTable('tokens').set({ last_used_at: now }).where('id', 'in', free).execute()
}

export type EndedBecause = { code: string; say: string; at: Date }

/** A token that cannot be used until somebody signs in; a refresh that is under way comes too late. */
export function endedBecause({ code, say, at }: EndedBecause) {
  return {
    state: 'reauth_required' as const,
    last_error_code: code,
    last_error_say: say,
    last_error_at: at,
    version: sql<number>`version + 1`,
    refresh_fence: sql<string>`refresh_fence + 1`,
    refresh_owner: null,
    refresh_until: null,
  }
}

/** The tokens of these credentials stop working until somebody signs in again. `why` is shown on their panels. */
export async function requireSignInAgain(
  trx: Database,
  credentialIds: readonly string[],
  why: EndedBecause,
): Promise<void> {
  if (credentialIds.length === 0) return
  await trx
    .updateTable('tokens')
    .set(endedBecause(why))
    .where('credential_id', 'in', credentialIds)
    .where('state', '=', 'ready')
    .execute()
}

/** Tokens that should work, by id. */
export async function readReadyTokensAfter(db: Database, afterId: string, limit: number): Promise<TokenRecord[]> {
  return db
    .selectFrom('tokens')
    .selectAll()
    .where('state', '=', 'ready')
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Does any of these credentials hold a token that works? */
export async function holdTokens(trx: Database, credentialIds: readonly string[]): Promise<boolean> {
  if (credentialIds.length === 0) return false
  const tokens = trx.selectFrom('tokens').select('id').where('credential_id', 'in', credentialIds)
  return (await tokens.where('state', '=', 'ready').limit(1).executeTakeFirst()) !== undefined
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

export type LapsingToken = Pick<TokenRecord, 'id' | 'credential_id' | 'user_id' | 'version' | 'works_until'>

/**
 * Tokens that nobody has used for `idleMs`, or for half of the life they then had, the first to lapse first. One whose last try failed
 * within the last hour is left in peace, so that a hundred that cannot be renewed do not keep the others waiting.
 */
export async function readLapsingTokens(
  db: Database,
  { now, idleMs, limit }: { now: Date; idleMs: number; limit: number },
): Promise<LapsingToken[]> {
  const used = sql`coalesce(refreshed_at, obtained_at)`
  const idle = sql`least(${idleMs} * interval '1 millisecond', (works_until - ${used}) / 2)`
  return db
    .selectFrom('tokens')
    .select(['id', 'credential_id', 'user_id', 'version', 'works_until'])
    .where('state', '=', 'ready')
    .where('works_until', 'is not', null)
    .where(sql<boolean>`${used} + ${idle} <= ${now}`)
    .where((where) =>
      where.or([
        where('last_error_at', 'is', null),
        where('last_error_at', '<', sql<Date>`clock_timestamp() - interval '1 hour'`),
      ]),
    )
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

/**
 * The right to spend one version of a token's refresh token. `cutOff`: an earlier call that may have spent it never had its answer
 * committed, because its process ended or the provider did not answer in time.
 */
export type Lease = { tokenId: string; version: number; fence: string; cutOff: boolean }

/**
 * Takes the refresh of one version of a token, unless someone has it. The row then says who spends which version, before the call is
 * made: what a killed process leaves behind is that intent, and whoever comes after its end tries the stored token again.
 * Null: somebody was faster, or it changed meanwhile.
 */
export async function takeRefreshLease(
  db: Database,
  { tokenId, version, owner, leaseMs }: { tokenId: string; version: number; owner: string; leaseMs: number },
): Promise<Lease | null> {
  const { rows } = await sql<{ fence: string; cut_off: boolean }>`
    with found as (
      select id, refresh_owner, last_error_code from tokens
      where id = ${tokenId} and version = ${version} and state = 'ready'
        and (refresh_until is null or refresh_until < clock_timestamp())
      for update
    )
    update tokens t
    set refresh_owner = ${owner}, refresh_fence = t.refresh_fence + 1,
      refresh_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from found where t.id = found.id
    returning t.refresh_fence as fence,
      found.refresh_owner is not null or found.last_error_code is not distinct from 'connections.no_answer' as cut_off
  `.execute(db)
  const [row] = rows
  return row === undefined ? null : { tokenId, version, fence: row.fence, cutOff: row.cut_off }
}

/**
 * Commits what a refresh brought, unless the token changed meanwhile. The version decides and not the lease: an answer that comes after
 * the lease has ended is still the newest there is, and with single-use refresh tokens the only one that works.
 */
export async function commitRefresh(
  db: Database,
  { tokenId, version }: Lease,
  change: Updateable<Schema['tokens']>,
): Promise<boolean> {
  const row = await db
    .updateTable('tokens')
    .set({ ...change, version: sql`version + 1`, refresh_owner: null, refresh_until: null })
    .where('id', '=', tokenId)
    .where('version', '=', version)
    .where('state', '=', 'ready')
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The provider refused this very version for good. False when the token changed, or somebody else asks meanwhile: a loser changes nothing. */
export async function endRefused(
  db: Database,
  lease: Lease,
  why: { code: string; say: string; at: Date },
): Promise<boolean> {
  const row = await db
    .updateTable('tokens')
    .set({
      state: 'reauth_required',
      last_error_code: why.code,
      last_error_say: why.say,
      last_error_at: why.at,
      version: sql`version + 1`,
      refresh_owner: null,
      refresh_until: null,
    })
    .where('id', '=', lease.tokenId)
    .where('version', '=', lease.version)
    .where('refresh_fence', '=', lease.fence)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
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

/**
 * Keeps the lease of a call that is still open although its callers were sent away, and says so to those who come: this lease, by its
 * fence, is slow. Whoever takes the next lease has a fence of their own.
 */
export async function holdSlowRefresh(
  db: Database,
  lease: Lease,
  slow: { leaseMs: number; code: string; say: string; at: Date },
): Promise<void> {
  await db
    .updateTable('tokens')
    .set({
      refresh_until: sql`clock_timestamp() + ${slow.leaseMs} * interval '1 millisecond'`,
      refresh_slow_fence: lease.fence,
      last_error_code: slow.code,
      last_error_say: slow.say,
      last_error_at: slow.at,
    })
    .where('id', '=', lease.tokenId)
    .where('version', '=', lease.version)
    .where('refresh_fence', '=', lease.fence)
    .execute()
}

export type WaitedFor = { token: TokenRecord; refresh: 'under_way' | 'slow' | 'pausing' | 'free' }

/** What a waiter sees, at one instant: `under_way` or `slow` while the lease holds, `pausing` after a failure, `free` otherwise. */
export async function readWaitedFor(db: Database, id: string): Promise<WaitedFor | undefined> {
  const row = await db
    .selectFrom('tokens')
    .selectAll()
    .select(sql<boolean>`coalesce(refresh_until > clock_timestamp(), false)`.as('held'))
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { held, ...token } = row
  if (!held) return { token, refresh: 'free' }
  if (token.refresh_owner === null) return { token, refresh: 'pausing' }
  return { token, refresh: token.refresh_slow_fence === token.refresh_fence ? 'slow' : 'under_way' }
}

function ownedTokens(db: Database, { credentialId, userId }: TokenOwner) {
  const tokens = db.selectFrom('tokens').selectAll().where('credential_id', '=', credentialId)
  return userId === null ? tokens.where('user_id', 'is', null) : tokens.where('user_id', '=', userId)
}
