import type { Database } from '#db/database.ts'
import type { SealedColumn } from '#vault/sealed-column.ts'
import { forgetSealedValues, sealedColumn } from './sealed-column-queries.ts'

/**
 * Every column that holds sealed values: what a change of key goes through. A test compares this with the columns that the database has,
 * so that none is forgotten.
 */
export const sealedColumns: readonly SealedColumn[] = [
  sealedColumn('tokens', 'access_token'),
  sealedColumn('tokens', 'refresh_token'),
  sealedColumn('client_secrets', 'value'),
  sealedColumn('client_certificates', 'private_key'),
  sealedColumn('credentials', 'secret'),
]

const say = 'The key that sealed this permission was lost.'

/** Gives up all of them, because the key that opens them is lost for good. Answers how many tokens there were. */
export function forgetSealed(trx: Database, now: Date): Promise<number> {
  return forgetSealedValues(trx, { code: 'connections.sign_in_needed', say, at: now })
}
