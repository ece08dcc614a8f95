import type { Database } from '#db/database.ts'
import { csvLine, csvLineEnd } from '#kit/csv.ts'
import { exportedMax } from './contract.ts'
import { refused } from './errors.ts'
import { entryRow } from './list.ts'
import { type AuditRow, countEntries, type EntryFilter, readLastSeq, readMatchingAfter } from './queries.ts'

const pageSize = 500

export type ExportFormat = 'csv' | 'json'

/**
 * The entries that match, oldest first, as one text that is made while it is read: never more than one page of it is held here,
 * and a reader that goes away ends it. What is written meanwhile is not in it.
 * @throws Refusal `audit.export_too_large`
 */
export async function exportEntries(
  db: Database,
  filter: EntryFilter,
  format: ExportFormat,
): Promise<ReadableStream<Uint8Array>> {
  const untilSeq = await readLastSeq(db)
  if ((await countEntries(db, filter, exportedMax + 1)) > exportedMax) throw refused('audit.export_too_large')
  const { head, line, tail } = formats[format]
  const encoder = new TextEncoder()
  let afterSeq = '0'
  let written = 0
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(head)),
    pull: async (controller) => {
      const rows = await readMatchingAfter(db, filter, { afterSeq, untilSeq, limit: pageSize })
      const text = rows.map((row) => line(row, written++)).join('')
      if (rows.length > 0) controller.enqueue(encoder.encode(text))
      afterSeq = rows.at(-1)?.seq ?? afterSeq
      if (rows.length === pageSize) return
      if (tail !== '') controller.enqueue(encoder.encode(tail))
      controller.close()
    },
  })
}

type Format = { head: string; line: (row: AuditRow, index: number) => string; tail: string }

const csvTitles = [
  'seq',
  'at',
  'actor_id',
  'actor_name',
  'action',
  'subject_kind',
  'subject_id',
  'subject_name',
  'details',
  'request_id',
  'previous_hash',
  'hash',
]

const formats: Record<ExportFormat, Format> = {
  csv: { head: csvLine(csvTitles) + csvLineEnd, line: (row) => csvLine(cellsOf(row)) + csvLineEnd, tail: '' },
  json: {
    head: '[',
    line: (row, index) => `${index === 0 ? '' : ','}\n${JSON.stringify(entryRow(row))}`,
    tail: '\n]\n',
  },
}

function cellsOf(row: AuditRow): string[] {
  return [
    row.seq,
    row.at.toISOString(),
    row.actor_id ?? '',
    row.actor_name,
    row.action,
    row.subject_kind,
    row.subject_id,
    row.subject_name,
    JSON.stringify(row.details),
    row.request_id ?? '',
    row.previous_hash,
    row.hash,
  ]
}
