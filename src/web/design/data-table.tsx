import { UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import type { MouseEvent, ReactNode } from 'react'
import { visibleText } from '#kit/visible-text.ts'
import styles from './data-table.module.css'
import { type RowSelection, SelectAll, SelectRow } from './row-selection.tsx'

export type Column<Row> = {
  /** The name the API sorts by. */
  key: string
  title: string
  /** The cell as plain text: shown if there is no `cell`, and what the CSV holds. */
  text: (row: Row) => string
  cell?: (row: Row) => ReactNode
  sortable?: boolean
  align?: 'number'
  /** How much room the table needs before this column is shown; the record's own form has it anyway. Always, if absent. */
  room?: 'medium' | 'wide'
  /** Sentences go on over several lines instead of being cut. */
  wraps?: true
}

type DataTableProps<Row> = {
  /** What the table lists, for screen readers. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  idOf: (row: Row) => string
  /** The record's own page; the first column links to it, and so does the rest of the row. */
  hrefOf?: (row: Row) => string
  sort?: string
  onSort?: (sort: string) => void
  /** Rows are being replaced. */
  stale?: boolean
  /** Rows can be chosen, for what is done to many at once. */
  selection?: RowSelection<Row>
}

/** Dense rows of 36 pixels with a header that stays; cards on a phone. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  idOf,
  hrefOf,
  sort,
  onSort,
  stale = false,
  selection,
}: DataTableProps<Row>) {
  const open = useOpenRow()
  const order = rows.map(idOf)
  return (
    <div className={styles.scroll}>
      <table className={`${styles.table} ${stale ? styles.stale : ''}`} aria-label={caption} aria-busy={stale}>
        <thead>
          <tr>
            {selection ? (
              <th scope="col" className={`${styles.head} ${styles.choose}`}>
                <SelectAll selection={selection} order={order} />
              </th>
            ) : null}
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={idOf(row)}
              className={`${styles.row} ${hrefOf ? styles.opens : ''}`}
              aria-selected={selection ? selection.chosen.ids.has(idOf(row)) : undefined}
              onClick={hrefOf ? (event) => open(event, hrefOf(row)) : undefined}
            >
              {selection ? (
                <td className={`${styles.cell} ${styles.choose}`}>
                  <SelectRow selection={selection} order={order} row={row} id={idOf(row)} />
                </td>
              ) : null}
              {columns.map((column, index) => (
                <td key={column.key} data-label={column.title} className={cellStyle(column, index === 0)}>
                  {index === 0 && hrefOf ? <Link to={hrefOf(row)}>{shown(column, row)}</Link> : shown(column, row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function HeadCell<Row>({
  column,
  sort,
  onSort,
}: {
  column: Column<Row>
  sort: string | undefined
  onSort: ((sort: string) => void) | undefined
}) {
  const direction = sort === column.key ? 'ascending' : sort === `-${column.key}` ? 'descending' : 'none'
  const sortable = column.sortable && onSort
  const className = `${styles.head} ${variantOf(column)}`
  if (!sortable) {
    return (
      <th scope="col" className={className}>
        {column.title}
      </th>
    )
  }
  const next = direction === 'ascending' ? `-${column.key}` : column.key
  return (
    <th scope="col" className={className} aria-sort={direction}>
      <UnstyledButton fz="inherit" className={styles.sort} onClick={() => onSort(next)}>
        {column.title}
        {direction === 'ascending' ? <IconArrowUp size={12} aria-hidden="true" /> : null}
        {direction === 'descending' ? <IconArrowDown size={12} aria-hidden="true" /> : null}
      </UnstyledButton>
    </th>
  )
}

function shown<Row>(column: Column<Row>, row: Row): ReactNode {
  return column.cell ? column.cell(row) : visibleText(column.text(row))
}

function cellStyle<Row>(column: Column<Row>, first: boolean): string {
  return `${styles.cell} ${first ? styles.first : ''} ${column.wraps ? styles.wraps : ''} ${variantOf(column)}`
}

function variantOf<Row>({ align, room }: Column<Row>): string {
  return `${align === 'number' ? styles.number : ''} ${room === undefined ? '' : styles[room]}`
}

/** A click anywhere in a row opens it, but never instead of a link or button inside, and never while selecting text. */
function useOpenRow(): (event: MouseEvent, href: string) => void {
  const navigate = useNavigate()
  return (event, href) => {
    const target = event.target as HTMLElement
    if (target.closest(`a, button, input, .${styles.choose}`) || globalThis.getSelection()?.toString()) return
    void navigate({ to: href })
  }
}
