import { sql } from 'kysely'
import type { Database } from '#db/database.ts'
import type { SealedChange, SealedColumn, SealedValue } from '#vault/sealed-column.ts'
import { type EndedBecause, endedBecause } from './token-queries.ts'

/** How the vault finds and replaces the values of one column when its key changes. Both names are constants of ours. */
export function sealedColumn(table: string, column: string): SealedColumn {
  const from = sql.table(table)
  const blob = sql.ref(column)
  // Bytes 2 to 5 of a blob are the number of the term that wrapped it (src/vault/blob.ts).
  const under = (term: number) => sql<boolean>`substring(${blob} from 3 for 4) = ${termBytes(term)}`
  return {
    name: `${table}.${column}`,
    countUnder: async (db, term) => {
      const { rows } = await sql<{ values: number }>`
        select count(*)::integer as values from ${from} where ${under(term)}`.execute(db)
      return rows[0]?.values ?? 0
    },
    readUnder: async (db, term, { afterId, limit }) => {
      const { rows } = await sql<SealedValue>`
        select id, ${blob} as blob from ${from} where id > ${afterId} and ${under(term)} order by id limit ${limit}`.execute(
        db,
      )
      return rows
    },
    replace: (db, changes) => replace(db, { from, blob, changes }),
  }
}

async function replace(
  db: Database,
  {
    from,
    blob,
    changes,
  }: { from: ReturnType<typeof sql.table>; blob: ReturnType<typeof sql.ref>; changes: readonly SealedChange[] },
): Promise<number> {
  if (changes.length === 0) return 0
  const list = (of: (change: SealedChange) => unknown) => changes.map(of)
  const { numAffectedRows } = await sql`
    update ${from} as owner set ${blob} = change.after
    from unnest(${list(({ id }) => id)}::uuid[], ${list(({ before }) => before)}::bytea[], ${list(({ after }) => after)}::bytea[])
      as change (id, before, after)
    where owner.id = change.id and owner.${blob} = change.before`.execute(db)
  return Number(numAffectedRows ?? 0)
}

function termBytes(term: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(term)
  return bytes
}

/**
 * Gives up every sealed value, because the key that opens them is lost for good: client secrets, certificates and the values of credentials
 * have to be entered again, and everybody signs in again. All other records stay.
 */
export async function forgetSealedValues(trx: Database, why: EndedBecause): Promise<number> {
  await trx.deleteFrom('client_secrets').execute()
  await trx.deleteFrom('client_certificates').execute()
  await trx
    .updateTable('credentials')
    .set({ secret: null, secret_set_at: null, secret_set_by: null, certificate: null, certificate_expires_at: null })
    .where('secret', 'is not', null)
    .execute()
  const { numUpdatedRows } = await trx
    .updateTable('tokens')
    .set({ ...endedBecause(why), access_token: null, refresh_token: null })
    .where('state', '<>', 'revoked')
    .executeTakeFirst()
  return Number(numUpdatedRows)
}
