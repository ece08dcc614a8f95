import { CompiledQuery } from 'kysely'
import type { Database } from '#db/database.ts'

const mark = 'simulation: at commit'

/** Does something when a transaction commits, and never when it does not: as an insert in the same transaction would. */
export async function atCommit(trx: Database, work: () => void): Promise<void> {
  await trx.executeQuery(CompiledQuery.raw(mark, [work]))
}

/** For the drivers: the work, when this is no statement but such a wish. */
export function commitHook(sql: string, parameters: readonly unknown[]): (() => void) | null {
  return sql === mark ? (parameters[0] as () => void) : null
}
