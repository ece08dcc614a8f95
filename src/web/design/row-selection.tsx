import { Checkbox } from '@mantine/core'
import type { KeyboardEvent } from 'react'
import { type Chosen, choose, chooseAll, isAll } from './chosen.ts'

/** Rows of a list that can be chosen, for what is done to many at once. */
export type RowSelection<Row> = {
  chosen: Chosen
  change: (chosen: Chosen) => void
  /** What a row is called, for people who do not see it. */
  nameOf: (row: Row) => string
}

type SelectAllProps<Row> = { selection: RowSelection<Row>; order: readonly string[] }

export function SelectAll<Row>({ selection: { chosen, change }, order }: SelectAllProps<Row>) {
  const all = isAll(chosen, order)
  return (
    <Checkbox
      size="xs"
      aria-label={all ? 'Choose none of this page' : 'Choose all of this page'}
      checked={all}
      indeterminate={!all && order.some((id) => chosen.ids.has(id))}
      onChange={() => change(chooseAll(chosen, order))}
      onKeyDown={moveToNext}
      data-choose
    />
  )
}

type SelectRowProps<Row> = SelectAllProps<Row> & { row: Row; id: string }

/** Space chooses, with Shift all since the last one; the arrows go to the next row's box. */
export function SelectRow<Row>({ selection: { chosen, change, nameOf }, order, row, id }: SelectRowProps<Row>) {
  return (
    <Checkbox
      size="xs"
      aria-label={`Choose ${nameOf(row)}`}
      checked={chosen.ids.has(id)}
      onChange={(event) => {
        const asRange = (event.nativeEvent as MouseEvent).shiftKey === true
        change(choose(chosen, { id, on: event.currentTarget.checked, asRange, order }))
      }}
      onKeyDown={moveToNext}
      data-choose
    />
  )
}

function moveToNext(event: KeyboardEvent<HTMLInputElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const list = event.currentTarget.closest('table, ul')
  const boxes = [...(list?.querySelectorAll<HTMLInputElement>('input[data-choose]') ?? [])]
  const next = boxes[boxes.indexOf(event.currentTarget) + step]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}
