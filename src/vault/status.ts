import type { Database } from '#db/database.ts'
import type { VaultKeys } from './contract.ts'
import { presentForMs } from './presence.ts'
import { readPresent, readTerms } from './queries.ts'
import type { SealedColumn } from './sealed-column.ts'

/** Every key, what it still seals, and how many of the running processes can use it. */
export async function vaultKeys(db: Database, columns: readonly SealedColumn[]): Promise<VaultKeys> {
  const terms = await readTerms(db)
  const present = await readPresent(db, presentForMs)
  const keys = terms.map(async ({ id, state, createdAt, primaryAt, rewrappedAt }) => ({
    id,
    state,
    createdAt: createdAt.toISOString(),
    primaryAt: primaryAt?.toISOString() ?? null,
    rewrappedAt: rewrappedAt?.toISOString() ?? null,
    values: (await Promise.all(columns.map((column) => column.countUnder(db, id)))).reduce((sum, one) => sum + one, 0),
    knownTo: present.filter((known) => known.includes(id)).length,
  }))
  return { keys: await Promise.all(keys), processes: present.length }
}
