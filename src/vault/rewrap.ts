import type { Database } from '#db/database.ts'
import type { Log } from '#kit/log.ts'
import { Refusal } from '#kit/refusal.ts'
import type { SealedChange, SealedColumn, SealedValue } from './sealed-column.ts'
import type { Vault } from './vault.ts'

export type RewrapDeps = { db: Database; vault: Vault; log: Log; columns: readonly SealedColumn[] }

/** Small enough that nobody waits long for a row, large enough that a hundred thousand take seconds. */
const batch = 200
const firstId = '00000000-0000-0000-0000-000000000000'

/**
 * Wraps everything that a term wrapped under today's term instead. It can be stopped and killed at any point: what is done is done, the
 * rest is found by the next run. A value that is written meanwhile wins.
 *
 * @returns how many values are still under the old term: written while this ran, or damaged
 */
export async function rewrapColumns(deps: RewrapDeps, term: number): Promise<number> {
  let left = 0
  for (const column of deps.columns) {
    await rewrapColumn(deps, column, term)
    left += await column.countUnder(deps.db, term)
  }
  return left
}

async function rewrapColumn(deps: RewrapDeps, column: SealedColumn, term: number): Promise<void> {
  let afterId = firstId
  for (;;) {
    const values = await column.readUnder(deps.db, term, { afterId, limit: batch })
    await column.replace(
      deps.db,
      values.flatMap((value) => rewrapped(deps, column, value)),
    )
    afterId = values.at(-1)?.id ?? afterId
    if (values.length < batch) return
  }
}

/** A damaged value stops nobody else's: it could not be opened before either. */
function rewrapped({ vault, log }: RewrapDeps, { name }: SealedColumn, { id, blob }: SealedValue): SealedChange[] {
  try {
    const after = vault.rewrap(blob)
    return after === null ? [] : [{ id, before: blob, after }]
  } catch (problem) {
    if (!(problem instanceof Refusal) || problem.code !== 'vault.auth') throw problem
    log.error({ column: name, recordId: id }, 'a sealed value is damaged and could not be wrapped anew')
    return []
  }
}
