import { sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { Term, TermState } from './keyring.ts'

/** One process at a time decides whether this database is new. The number is arbitrary and belongs to this alone. */
export async function lockVault(trx: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(7267002)`.execute(trx)
}

/** The id of this installation, given to it once. */
export async function ensureInstallation(trx: Database, newId: string): Promise<string> {
  await trx
    .insertInto('installation')
    .values({ id: newId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { id } = await trx.selectFrom('installation').select('id').executeTakeFirstOrThrow()
  return id
}

export type TermRow = Term & { createdAt: Date; primaryAt: Date | null; rewrappedAt: Date | null }

/** Every term that there ever was, the oldest first. */
export async function readTerms(db: Database): Promise<TermRow[]> {
  const rows = await db.selectFrom('vault_keys').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map(({ id, state, canary, created_at, primary_at, rewrapped_at }) => ({
    id: Number(id),
    state,
    canary,
    createdAt: created_at,
    primaryAt: primary_at,
    rewrappedAt: rewrapped_at,
  }))
}

export async function insertTerm(trx: Database, { id, ...term }: Term): Promise<void> {
  const primary_at = term.state === 'primary' ? sql<Date>`clock_timestamp()` : null
  await trx
    .insertInto('vault_keys')
    .values({ id: String(id), ...term, primary_at })
    .execute()
}

export async function setTermState(trx: Database, id: number, state: TermState): Promise<void> {
  await trx
    .updateTable('vault_keys')
    .set(state === 'primary' ? { state, primary_at: sql<Date>`clock_timestamp()` } : { state })
    .where('id', '=', String(id))
    .execute()
}

/** True once, and not before another term has been the primary one for so long. */
export async function noteRewrapped(
  trx: Database,
  id: number,
  { primaryForMs }: { primaryForMs: number },
): Promise<boolean> {
  const row = await trx
    .updateTable('vault_keys')
    .set({ rewrapped_at: sql<Date>`clock_timestamp()` })
    .where('id', '=', String(id))
    .where('rewrapped_at', 'is', null)
    .where((where) =>
      where.exists(
        trx
          .selectFrom('vault_keys as today')
          .select('id')
          .where('state', '=', 'primary')
          .where('primary_at', '<', sinceMs(primaryForMs)),
      ),
    )
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteTerms(trx: Database): Promise<void> {
  await trx.deleteFrom('vault_keys').execute()
}

// Processes, by the database's clock.

export async function notePresence(db: Database, id: string, terms: readonly number[]): Promise<void> {
  const row = { terms: terms.map(String), seen_at: sql<Date>`clock_timestamp()` }
  await db
    .insertInto('vault_processes')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

export async function deletePresence(db: Database, id: string): Promise<void> {
  await db.deleteFrom('vault_processes').where('id', '=', id).execute()
}

/** Which terms each process can use that was here within the last so many milliseconds. */
export async function readPresent(db: Database, withinMs: number): Promise<number[][]> {
  const rows = await db
    .selectFrom('vault_processes')
    .select('terms')
    .where('seen_at', '>=', sinceMs(withinMs))
    .execute()
  return rows.map(({ terms }) => terms.map(Number))
}

export async function forgetAbsent(db: Database, withinMs: number): Promise<void> {
  await db.deleteFrom('vault_processes').where('seen_at', '<', sinceMs(withinMs)).execute()
}

function sinceMs(ms: number) {
  return sql<Date>`clock_timestamp() - ${ms} * interval '1 millisecond'`
}
