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

/** Told what a commit was about, before whoever committed goes on. */
export type Committed = (tables: ReadonlySet<string>) => void | Promise<void>

/** The table a statement writes to, or null for one that only reads. */
export function tableWrittenBy(statement: string): string | null {
  return /^\s*(?:insert into|update|delete from) "?(\w+)/i.exec(statement)?.[1] ?? null
}
