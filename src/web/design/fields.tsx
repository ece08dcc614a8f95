import {
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
  type TextInputProps,
} from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './fields.module.css'

/** What every field of a form is given: its label, its value, its message, and whether this person may change it. */
type FieldOf<T> = {
  label: string
  value: T
  onChange: (value: T) => void
  onBlur?: () => void
  error?: string | null
  hint?: ReactNode
  required?: boolean
  readOnly?: boolean
}

/** Two columns of fields, one on a phone. */
export function FieldGrid({ children }: { children: ReactNode }) {
  return <div className={styles.grid}>{children}</div>
}

/** A field that needs the whole width of the grid. */
export function WholeRow({ children }: { children: ReactNode }) {
  return <div className={styles.whole}>{children}</div>
}

type TextFieldProps = FieldOf<string> & {
  placeholder?: string
  kind?: 'text' | 'email' | 'url' | 'date'
  mono?: boolean
}

export function TextField({ value, onChange, hint, kind = 'text', mono = false, ...rest }: TextFieldProps) {
  return (
    <TextInput
      {...shared(rest)}
      type={kind === 'text' ? 'text' : kind}
      description={hint}
      placeholder={rest.placeholder}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      styles={mono ? { input: { fontFamily: 'var(--mantine-font-family-monospace)' } } : undefined}
    />
  )
}

export function AreaField({ value, onChange, hint, ...rest }: FieldOf<string>) {
  return (
    <Textarea
      {...shared(rest)}
      description={hint}
      autosize
      minRows={2}
      maxRows={8}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}

/** A secret is written, never read: an empty field keeps the stored one. */
export function SecretField({ value, onChange, hint, stored, ...rest }: FieldOf<string> & { stored: boolean }) {
  return (
    <PasswordInput
      {...shared(rest)}
      description={hint}
      autoComplete="new-password"
      placeholder={stored ? '•••••••••••• stored; type to replace it' : ''}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed' }}
    />
  )
}

/** The same for text of several lines, such as a key in PEM form. */
export function SecretAreaField({ value, onChange, hint, stored, ...rest }: FieldOf<string> & { stored: boolean }) {
  return (
    <Textarea
      {...shared(rest)}
      description={hint}
      autoComplete="off"
      spellCheck={false}
      autosize
      minRows={3}
      maxRows={8}
      placeholder={stored ? 'Stored; paste here to replace it' : ''}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  )
}

type NumberFieldProps = FieldOf<number | null> & { unit?: string; decimals?: boolean }

export function NumberField({ value, onChange, hint, unit, decimals = false, ...rest }: NumberFieldProps) {
  return (
    <NumberInput
      {...shared(rest)}
      description={hint}
      hideControls
      allowDecimal={decimals}
      suffix={unit === undefined ? '' : ` ${unit}`}
      thousandSeparator=" "
      value={value ?? ''}
      onChange={(typed) => onChange(typeof typed === 'number' ? typed : null)}
    />
  )
}

type ChoiceFieldProps = FieldOf<string | null> & {
  options: readonly { value: string; label: string }[]
  /** The word for null; without it something must be chosen. */
  none?: string
  placeholder?: string
  searchable?: boolean
  /** Options come from outside and fit what was typed already. */
  onSearch?: (typed: string) => void
}

export function ChoiceField(props: ChoiceFieldProps) {
  const { value, onChange, hint, options, none, searchable = false, onSearch, ...rest } = props
  return (
    <Select
      {...shared(rest)}
      description={hint}
      data={[...options]}
      placeholder={none ?? rest.placeholder}
      clearable={none !== undefined && !rest.readOnly}
      searchable={searchable && !rest.readOnly}
      allowDeselect={none !== undefined}
      nothingFoundMessage="Nothing is called that."
      clearButtonProps={{ 'aria-label': `Clear ${rest.label}` }}
      onSearchChange={onSearch}
      filter={onSearch ? ({ options: found }) => found : undefined}
      value={value}
      onChange={(chosen) => onChange(chosen)}
    />
  )
}

/** Several short words, each entered with Enter or a comma. */
export function TagsField({ value, onChange, hint, readOnly = false, known, ...rest }: TagsFieldProps) {
  return (
    <TagsInput
      {...shared({ ...rest, readOnly })}
      description={hint}
      data={[...known]}
      value={value}
      onChange={onChange}
      clearable={!readOnly}
      clearButtonProps={{ 'aria-label': `Clear ${rest.label}` }}
    />
  )
}

type TagsFieldProps = FieldOf<string[]> & {
  /** Words that others have used. */
  known: readonly string[]
}

export function SwitchField({ label, value, onChange, hint, readOnly = false, error }: FieldOf<boolean>) {
  return (
    <Switch
      label={label}
      description={hint}
      error={error}
      checked={value}
      disabled={readOnly}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  )
}

/** A fact between fields that is not typed here. */
export function ReadOnlyField({ label, children, hint }: { label: string; children: ReactNode; hint?: ReactNode }) {
  return (
    <fieldset className={styles.readOnly}>
      <legend className={styles.label}>{label}</legend>
      <div className={styles.plain}>{children}</div>
      {hint === undefined ? null : <span className={styles.hint}>{hint}</span>}
    </fieldset>
  )
}

type InputWrapperOrder = NonNullable<TextInputProps['inputWrapperOrder']>

function shared({ label, error, required, readOnly, onBlur }: Omit<FieldOf<never>, 'value' | 'onChange'>) {
  return {
    label,
    error: error ?? undefined,
    withAsterisk: required ?? false,
    readOnly: readOnly ?? false,
    variant: readOnly ? ('filled' as const) : ('default' as const),
    onBlur,
    'aria-required': required ?? undefined,
    // Hints stand below, so that the inputs of a row stay in line whether they have one or not.
    inputWrapperOrder: ['label', 'input', 'description', 'error'] satisfies InputWrapperOrder,
  }
}
