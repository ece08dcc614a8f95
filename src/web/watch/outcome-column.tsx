import type { Column } from '../design/data-table.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import type { Outcome } from '../shell/use-bulk.ts'

/** What came of what was done to many, beside each row that was chosen. */
export function outcomeColumn<Row>(title: string, outcomeOf: (row: Row) => Outcome | undefined): Column<Row> {
  return {
    key: 'outcome',
    title,
    text: (row) => outcomeOf(row)?.say ?? '',
    cell: (row) => {
      const outcome = outcomeOf(row)
      return outcome ? <StatusBadge meaning={outcome.meaning} word={outcome.say} variant="plain" /> : null
    },
  }
}
