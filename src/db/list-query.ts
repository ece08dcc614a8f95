import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'
import type { ListQuery } from '#kit/page.ts'

/** A column as a list sorts by it. */
export type SortColumn = RawBuilder<unknown>

/** Text, without regard to capitals, as people expect names to be sorted. */
export const folded = (column: string): SortColumn => sql`lower(${sql.ref(column)})`
/** Times and flags, as they are. */
export const plain = (column: string): SortColumn => sql.ref(column)

export type Sorting = { columns: Record<string, SortColumn>; fallback: SortColumn; tieBreaker: string }

/**
 * One page of a list. `sort=-name` names one of the known columns; an unknown one is the list's own order, as an old bookmark
 * deserves. The rows are counted only when the page itself does not say how many there are.
 */
export async function readPage<DB, TB extends keyof DB, O>(
  query: SelectQueryBuilder<DB, TB, O>,
  asked: ListQuery,
  { columns, fallback, tieBreaker }: Sorting,
): Promise<{ rows: O[]; total: number }> {
  const column = columns[asked.sort?.replace(/^-/, '') ?? '']
  const direction = column !== undefined && asked.sort?.startsWith('-') ? 'desc' : 'asc'
  const rows = await query
    .orderBy(column ?? fallback, direction)
    .orderBy(sql.ref(tieBreaker))
    .limit(asked.pageSize)
    .offset((asked.page - 1) * asked.pageSize)
    .execute()
  if (asked.page === 1 && rows.length < asked.pageSize) return { rows, total: rows.length }
  const counted = await query.clearSelect().select(sql<string>`count(*)`.as('total')).executeTakeFirstOrThrow()
  return { rows, total: Number((counted as { total: string }).total) }
}

/** A LIKE pattern that finds the text anywhere; the text's own wildcards mean themselves. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
}
