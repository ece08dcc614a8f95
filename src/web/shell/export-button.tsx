import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { browser } from '../browser.ts'
import { csvOf } from '../design/csv.ts'
import type { Column } from '../design/data-table.tsx'
import { sayNotDone } from './saved.ts'

/** As many rows as the API gives at once. */
const pageSize = 200

type ExportButtonProps<Row> = {
  fileName: string
  columns: readonly Column<Row>[]
  /** One page of the list as it is now searched and filtered. */
  fetchPage: (page: { page: number; pageSize: number }) => Promise<{ rows: Row[]; total: number }>
}

/** Saves all rows of the list as CSV, not only those on screen. */
export function ExportButton<Row>({ fileName, columns, fetchPage }: ExportButtonProps<Row>) {
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      const rows = await allRows(fetchPage)
      browser.download(`${fileName}.csv`, csvOf(columns, rows), 'text/csv;charset=utf-8')
    } catch (error) {
      sayNotDone('The list was not exported', error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button
      variant="default"
      loading={busy}
      leftSection={<IconDownload size={16} aria-hidden="true" />}
      onClick={() => void save()}
    >
      CSV
    </Button>
  )
}

async function allRows<Row>(fetchPage: ExportButtonProps<Row>['fetchPage']): Promise<Row[]> {
  const rows: Row[] = []
  for (let page = 1; ; page++) {
    const answer = await fetchPage({ page, pageSize })
    rows.push(...answer.rows)
    if (answer.rows.length < pageSize || rows.length >= answer.total) return rows
  }
}
