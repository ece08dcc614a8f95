import type { ReactNode } from 'react'
import styles from './banner.module.css'
import { type Meaning, MeaningIcon } from './meaning.tsx'

type BannerProps = {
  meaning: Meaning
  title?: string
  children?: ReactNode
  action?: ReactNode
  /** `box` stands inside a page; `strip` runs along the top of it. */
  variant?: 'box' | 'strip'
}

/** A message that belongs to the page, not to a moment. A refusal is read out at once, the rest politely. */
export function Banner({ meaning, title, children, action, variant = 'box' }: BannerProps) {
  return (
    <div
      className={`${styles.banner} ${styles[meaning]} ${variant === 'strip' ? styles.strip : ''}`}
      role={meaning === 'refused' ? 'alert' : 'status'}
    >
      <span className={styles.icon}>
        <MeaningIcon meaning={meaning} />
      </span>
      <div className={styles.body}>
        {title === undefined ? null : <div className={styles.title}>{title}</div>}
        {children}
      </div>
      {action === undefined ? null : <div className={styles.action}>{action}</div>}
    </div>
  )
}
