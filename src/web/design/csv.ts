import { csvLine, csvLineEnd } from '#kit/csv.ts'
import type { Column } from './data-table.tsx'

/** Rows as CSV text, under the titles of their columns. */
export function csvOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ text }) => text(row)))]
  return lines.map(csvLine).join(csvLineEnd)
}
