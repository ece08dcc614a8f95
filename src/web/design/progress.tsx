import styles from './progress.module.css'

/** How far something is, as a bar with words. */
export function Progress({ done, of, what }: { done: number; of: number; what: string }) {
  return (
    <div className={styles.progress}>
      <progress className={styles.bar} max={of} value={done} aria-label={`${done} of ${of} ${what} done`} />
      <span className={styles.words}>
        {done} of {of} {what} done
      </span>
    </div>
  )
}
