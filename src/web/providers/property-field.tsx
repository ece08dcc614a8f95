import { Anchor, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Property } from '#providers/property.contract.ts'
import { ChoiceField, NumberField, SwitchField } from '../design/fields.tsx'
import { When } from '../design/when.tsx'
import type { RecordForm } from '../shell/record-form.ts'
import styles from './property-field.module.css'
import { modeWords } from './words.ts'

export type PropertyValues = Record<string, Property['value']>

type PropertyFieldProps = { property: Property; form: RecordForm<PropertyValues>; readOnly: boolean }

/** One property: what it does, where it acts, what it ships with, and who set it. */
export function PropertyField({ property, form, readOnly }: PropertyFieldProps) {
  const { name, title, kind, unit, choices } = property
  const { value, onChange, error, onBlur } = form.field(name)
  const hint = <PropertyHint property={property} form={form} readOnly={readOnly} />
  const given = { label: title, hint, error, onBlur, readOnly }
  if (kind === 'switch') return <SwitchField {...given} value={value === true} onChange={onChange} />
  if (kind === 'number')
    return (
      <NumberField
        {...given}
        unit={unit ?? ''}
        value={typeof value === 'number' ? value : null}
        onChange={(typed) => onChange(typed ?? 0)}
      />
    )
  return (
    <ChoiceField
      {...given}
      value={String(value)}
      onChange={(chosen) => onChange(chosen ?? String(value))}
      options={choices.map((choice) => ({ value: choice, label: wordOf(choice) }))}
    />
  )
}

function PropertyHint({ property, form, readOnly }: PropertyFieldProps): ReactNode {
  const { name, says, actsIn, shipped, isSet, updatedBy, updatedAt } = property
  const differs = form.values[name] !== shipped
  return (
    <span className={styles.hint}>
      <span>{says}</span>
      <span>Acts in: {actsIn}</span>
      <span>
        {differs ? `Ships with ${shippedText(property)}.` : 'This is what it ships with.'}{' '}
        {isSet && updatedAt !== null ? (
          <>
            Set by {updatedBy}, <When at={updatedAt} />.{' '}
          </>
        ) : null}
        {differs && !readOnly ? (
          <Anchor component="button" type="button" size="xs" onClick={() => form.set(name, shipped)}>
            Use what it ships with <VisuallyHidden>for {property.title}</VisuallyHidden>
          </Anchor>
        ) : null}
      </span>
    </span>
  )
}

function shippedText({ kind, shipped, unit }: Property): string {
  if (kind === 'switch') return shipped ? 'on' : 'off'
  return unit === null ? wordOf(String(shipped)) : `${shipped} ${unit}`
}

function wordOf(choice: string): string {
  return modeWords[choice as keyof typeof modeWords] ?? choice
}
