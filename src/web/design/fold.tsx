import type { ReactNode } from 'react'
import styles from './fold.module.css'

type FoldProps = {
  title: string
  /** Called when it opens, so that what is inside need not be fetched before. */
  onOpen?: () => void
  children: ReactNode
}

/** A part of a page for those who have to look deeper, closed until then. */
export function Fold({ title, onOpen, children }: FoldProps) {
  return (
    <details className={styles.fold} onToggle={(event) => event.currentTarget.open && onOpen?.()}>
      <summary className={styles.title}>{title}</summary>
      <div className={styles.body}>{children}</div>
    </details>
  )
}
