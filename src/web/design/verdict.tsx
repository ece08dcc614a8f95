import type { ReactNode } from 'react'
import { type Meaning, MeaningIcon } from './meaning.tsx'
import styles from './verdict.module.css'

/** A sentence that says whether something works, with the icon of its meaning. */
export function Verdict({ meaning, children }: { meaning: Meaning; children: ReactNode }) {
  return (
    <p className={styles.verdict}>
      <span className={styles.icon}>
        <MeaningIcon meaning={meaning} size={20} />
      </span>
      <span>{children}</span>
    </p>
  )
}
