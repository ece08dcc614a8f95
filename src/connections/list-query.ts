import type { ListQuery } from '#kit/page.ts'

/** Reads `sort=-name` against the columns a list knows. An unknown column is the list's own order, as an old bookmark deserves. */
export function sortOf<Column extends string>(
  query: ListQuery,
  columns: Record<string, Column>,
  fallback: Column,
): { column: Column; direction: 'asc' | 'desc' } {
  const name = query.sort?.replace(/^-/, '') ?? ''
  const column = columns[name]
  if (column === undefined) return { column: fallback, direction: 'asc' }
  return { column, direction: query.sort?.startsWith('-') ? 'desc' : 'asc' }
}

/** A LIKE pattern that finds the text anywhere; the text's own wildcards mean themselves. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
}

export function offsetOf({ page, pageSize }: ListQuery): number {
  return (page - 1) * pageSize
}
