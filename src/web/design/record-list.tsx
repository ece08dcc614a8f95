import { Button, CloseButton, Pagination, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { browser } from '../browser.ts'
import { type Column, DataTable } from './data-table.tsx'
import { type Filter, FilterChip } from './filter-chip.tsx'
import { Panel } from './panel.tsx'
import styles from './record-list.module.css'
import type { RowSelection } from './row-selection.tsx'
import { EmptyState, ErrorState, Loading, type ShownProblem } from './states.tsx'

/** What a list is asked for; it lives in the address, so that a list can be sent to a colleague. */
export type ListState = {
  q: string
  sort: string
  page: number
  filters: Readonly<Record<string, string>>
  change: (part: { q?: string; sort?: string; page?: number; filters?: Record<string, string> }) => void
}

export type ListAnswer<Row> =
  | { is: 'loading' }
  | { is: 'failed'; problem: ShownProblem; retry: () => void }
  | { is: 'here'; rows: readonly Row[]; total: number; pageSize: number; stale: boolean }

type RecordListProps<Row> = {
  /** The plural, as the heading says it: "Credentials". */
  what: string
  columns: readonly Column<Row>[]
  filters?: readonly Filter[]
  state: ListState
  answer: ListAnswer<Row>
  idOf: (row: Row) => string
  hrefOf?: (row: Row) => string
  selection?: RowSelection<Row>
  /** A SelectionBar, for what can be done to the chosen rows. */
  selectionBar?: ReactNode
  /** Shown when there is nothing at all, rather than nothing that matches. */
  empty: { title: string; text: string; action?: ReactNode }
}

/** A searchable, sortable, filterable list of records with paging and every one of its states. */
export function RecordList<Row>(props: RecordListProps<Row>) {
  const { what, filters = [], state, answer } = props
  return (
    <Panel padding="flush">
      <div className={styles.tools}>
        <SearchField what={what} value={state.q} onChange={(q) => state.change({ q, page: 1 })} />
        <div className={styles.filters}>
          {filters.map((filter) => (
            <FilterChip
              key={filter.key}
              filter={filter}
              value={state.filters[filter.key] ?? ''}
              onChange={(value) => state.change({ filters: { ...state.filters, [filter.key]: value }, page: 1 })}
            />
          ))}
        </div>
      </div>
      {props.selectionBar}
      <div className={styles.body}>
        <Rows {...props} />
      </div>
      {answer.is === 'here' && answer.total > 0 ? <Foot answer={answer} state={state} /> : null}
    </Panel>
  )
}

function Rows<Row>({ what, columns, state, answer, idOf, hrefOf, selection, empty }: RecordListProps<Row>) {
  if (answer.is === 'loading') {
    return (
      <div className={styles.loading}>
        <Loading rows={6} what={what} />
      </div>
    )
  }
  if (answer.is === 'failed') return <ErrorState problem={answer.problem} onRetry={answer.retry} />
  const narrowed = state.q !== '' || Object.values(state.filters).some((value) => value !== '')
  if (answer.rows.length === 0 && narrowed) return <NothingMatches what={what} state={state} />
  if (answer.rows.length === 0) return <EmptyState {...empty} />
  return (
    <DataTable
      caption={what}
      columns={columns}
      rows={answer.rows}
      idOf={idOf}
      hrefOf={hrefOf}
      sort={state.sort}
      onSort={(sort) => state.change({ sort, page: 1 })}
      stale={answer.stale}
      selection={selection}
    />
  )
}

function NothingMatches({ what, state }: { what: string; state: ListState }) {
  return (
    <EmptyState
      title="Nothing matches"
      text={`No ${what.toLowerCase()} fit this search and these filters.`}
      action={
        <Button variant="default" onClick={() => state.change({ q: '', filters: {}, page: 1 })}>
          Show all
        </Button>
      }
    />
  )
}

function Foot<Row>({ answer, state }: { answer: ListAnswer<Row> & { is: 'here' }; state: ListState }) {
  const pages = Math.max(1, Math.ceil(answer.total / answer.pageSize))
  const first = (state.page - 1) * answer.pageSize + 1
  return (
    <div className={styles.foot}>
      <span role="status">
        {first}–{first + answer.rows.length - 1} of {answer.total}
      </span>
      {pages > 1 ? (
        <Pagination
          size="sm"
          total={pages}
          value={state.page}
          onChange={(page) => state.change({ page })}
          getControlProps={(control) => ({ 'aria-label': `${control} page` })}
        />
      ) : null}
    </div>
  )
}

/** Typing searches by itself after a moment, so that each letter is not a request. */
function SearchField({ what, value, onChange }: { what: string; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => (typed === value ? undefined : browser.later(() => onChange(typed), 250)), [typed, value, onChange])
  return (
    <TextInput
      type="search"
      size="xs"
      className={styles.search}
      aria-label={`Search ${what}`}
      placeholder="Search ( / )"
      leftSection={<IconSearch size={14} aria-hidden="true" />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && onChange(typed)}
      rightSection={
        typed === '' ? null : <CloseButton size="xs" aria-label="Clear search" onClick={() => onChange('')} />
      }
    />
  )
}
