import { type Meaning, MeaningIcon } from './meaning.tsx'
import styles from './status-badge.module.css'

/** A state: always an icon and a word in its meaning's colour. `plain` leaves out the pill, for dense rows. */
export function StatusBadge({
  meaning,
  word,
  variant = 'pill',
}: {
  meaning: Meaning
  word: string
  variant?: 'pill' | 'plain'
}) {
  const shape = variant === 'plain' ? styles.plain : ''
  return (
    <span className={`${styles.badge} ${styles[meaning]} ${shape}`}>
      <MeaningIcon meaning={meaning} size={14} />
      {word}
    </span>
  )
}
