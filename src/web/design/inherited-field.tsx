import { Anchor, TextInput, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './fields.module.css'

/** A value that holds here, and where it comes from. */
export type Effective<T> = { value: T; source: 'own' | 'parent' | 'default' | 'none'; from: string | null }

type InheritedFieldProps<T> = {
  label: string
  effective: Effective<T>
  /** What is set on this record; null inherits. */
  own: T | null
  show?: (value: T) => string
  /** Begins an own value, starting from the inherited one. */
  onOverride: () => void
  onInherit: () => void
  readOnly?: boolean
  /** The field for the own value. */
  children: ReactNode
}

/** A field that may be inherited: grey with its source and an *override* link, or an own value with *inherit again*. */
export function InheritedField<T>(props: InheritedFieldProps<T>) {
  const { own, readOnly = false, children, onInherit, label } = props
  if (own === null) return <InheritedValue {...props} />
  return (
    <div className={styles.readOnly}>
      {children}
      {readOnly ? null : (
        <Anchor component="button" type="button" size="xs" className={styles.again} onClick={onInherit}>
          inherit again <VisuallyHidden>for {label}</VisuallyHidden>
        </Anchor>
      )}
    </div>
  )
}

export function InheritedValue<T>({
  label,
  effective,
  show = String,
  onOverride,
  readOnly = false,
}: InheritedFieldProps<T>) {
  const unknown = effective.source === 'own' || effective.value === null
  return (
    <TextInput
      label={label}
      readOnly
      value={unknown ? 'inherited once saved' : show(effective.value)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      classNames={{ input: styles.inherited ?? '' }}
      description={
        <span className={styles.source}>
          {unknown ? null : sourceOf(effective)}
          {readOnly ? null : (
            <Anchor component="button" type="button" size="xs" onClick={onOverride}>
              override <VisuallyHidden>{label}</VisuallyHidden>
            </Anchor>
          )}
        </span>
      }
    />
  )
}

function sourceOf({ source, from }: Effective<unknown>): string {
  if (source === 'parent') return `from ${from ?? 'the parent'}`
  return source === 'default' ? (from ?? 'the default') : ''
}
