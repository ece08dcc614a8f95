import type { ReactNode } from 'react'
import styles from './key-value.module.css'

/** Facts as pairs. A value that is null is left out. */
export function KeyValue({ items }: { items: readonly { label: string; value: ReactNode }[] }) {
  return (
    <dl className={styles.list}>
      {items
        .filter(({ value }) => value !== null)
        .map(({ label, value }) => (
          <Pair key={label} label={label} value={value} />
        ))}
    </dl>
  )
}

function Pair({ label, value }: { label: string; value: ReactNode }) {
  return (
    <>
      <dt className={styles.key}>{label}</dt>
      <dd className={styles.value}>{value}</dd>
    </>
  )
}
