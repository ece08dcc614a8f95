import { Button, CloseButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { MeaningIcon } from './meaning.tsx'
import { Progress } from './progress.tsx'
import styles from './selection-bar.module.css'

type SelectionBarProps = {
  /** How many are chosen. */
  count: number
  /** In the plural: "events". */
  what: string
  /** Buttons of what can be done to them. */
  children: ReactNode
  /** How far it is, while it is done. */
  progress: { done: number; of: number } | null
  /** What came of it, when it is done. */
  result: { meaning: 'good' | 'attention'; say: string } | null
  onClear: () => void
}

/** What is chosen in a list and what can be done to it; then how far that is, and what came of it. Nothing while nothing is chosen. */
export function SelectionBar({ count, what, children, progress, result, onClear }: SelectionBarProps) {
  if (progress !== null) {
    return (
      <Bar label={`Progress of the chosen ${what}`}>
        <div className={styles.progress}>
          <Progress done={progress.done} of={progress.of} what={what} />
        </div>
      </Bar>
    )
  }
  if (result !== null) {
    return (
      <Bar label={`What came of the chosen ${what}`}>
        <span className={styles.result} role="status">
          <MeaningIcon meaning={result.meaning} />
          {result.say}
        </span>
        <CloseButton size="sm" aria-label="Hide what came of it" onClick={onClear} />
      </Bar>
    )
  }
  if (count === 0) return null
  return (
    <Bar label={`Chosen ${what}`}>
      <span className={styles.count}>{count} chosen</span>
      <div className={styles.actions}>{children}</div>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={onClear}>
        Choose none
      </Button>
    </Bar>
  )
}

function Bar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section className={styles.bar} aria-label={label}>
      {children}
    </section>
  )
}
