import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { ChoiceField } from '../design/fields.tsx'
import type { FieldProps } from './record-form.ts'

export type Option = { value: string; label: string }

type RecordPickerProps = {
  label: string
  field: FieldProps<string | null>
  /** What is chosen now, so that its name shows before anything was searched. */
  current: Option | null
  /** The records that match; a hook, because each picker asks its own list. */
  useOptions: (q: string) => readonly Option[]
  none?: string
  hint?: string
  required?: boolean
  readOnly?: boolean
}

/** A field that points to another record, found by typing part of its name. */
export function RecordPicker({ label, field, current, useOptions, ...rest }: RecordPickerProps) {
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed, 200)
  const chosenName = (options: readonly Option[]) => options.find(({ value }) => value === field.value)?.label
  const [known, setKnown] = useState<readonly Option[]>(current === null ? [] : [current])
  const found = useOptions(q === chosenName(known) ? '' : q)
  const options = [
    ...found,
    ...known.filter(({ value }) => value === field.value && !found.some((f) => f.value === value)),
  ]
  return (
    <ChoiceField
      {...rest}
      {...field}
      label={label}
      searchable
      onSearch={setTyped}
      options={options}
      onChange={(value) => {
        setKnown(options.filter((option) => option.value === value))
        field.onChange(value)
      }}
    />
  )
}
