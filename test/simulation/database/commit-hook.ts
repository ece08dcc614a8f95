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

/** One statement that wrote something. */
export type Written = { table: string; text: string; parameters: readonly unknown[] }

/** Told what a commit was about, before whoever committed goes on. */
export type Committed = (written: readonly Written[]) => void | Promise<void>

/** The table a statement writes to, or null for one that only reads. */
export function writtenBy(text: string, parameters: readonly unknown[]): Written | null {
  const table = /^\s*(?:insert into|update|delete from) "?(\w+)/i.exec(text)?.[1]
  return table === undefined ? null : { table, text, parameters }
}
