import type { ReactNode } from 'react'
import styles from './side-by-side.module.css'

export type SideBySideRow = {
  label: string
  left: ReactNode
  right: ReactNode
  /** Both sides say the same, or one says nothing about it. */
  same?: boolean
}

type SideBySideProps = { caption: string; leftTitle: string; rightTitle: string; rows: readonly SideBySideRow[] }

/** Two versions of the same thing, field beside field. What differs is marked with a word, never by colour alone. */
export function SideBySide({ caption, leftTitle, rightTitle, rows }: SideBySideProps) {
  return (
    <table className={styles.table} aria-label={caption}>
      <thead>
        <tr>
          <td />
          <th scope="col" className={styles.head}>
            {leftTitle}
          </th>
          <th scope="col" className={styles.head}>
            {rightTitle}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ label, left, right, same = false }) => (
          <tr key={label} className={same ? styles.same : styles.differs}>
            <th scope="row" className={styles.label}>
              {label}
              {same ? null : <span className={styles.mark}>differs</span>}
            </th>
            <td className={styles.value} data-label={leftTitle}>
              {left}
            </td>
            <td className={styles.value} data-label={rightTitle}>
              {right}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
