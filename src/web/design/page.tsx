import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import styles from './page.module.css'

export type PageWidth = 'narrow' | 'reading' | 'form' | 'wide' | 'full'

/** The body of one page. `title` goes into the tab; the visible heading is a `PageHeader` inside. */
export function Page({ title, width = 'form', children }: { title: string; width?: PageWidth; children: ReactNode }) {
  useDocumentTitle(`${title} · Anteroom`)
  return <div className={`${styles.page} ${styles[width]}`}>{children}</div>
}

type PageHeaderProps = {
  title: string
  subtitle?: ReactNode
  /** A StatusBadge beside the title. */
  status?: ReactNode
  /** Buttons; the most important one last. */
  actions?: ReactNode
  size?: 'normal' | 'large'
  /** `part` begins a part of a page that has its heading already. */
  level?: 'page' | 'part'
}

export function PageHeader({ title, subtitle, status, actions, size = 'normal', level = 'page' }: PageHeaderProps) {
  const Heading = level === 'page' ? 'h1' : 'h2'
  return (
    <header className={styles.header}>
      <div className={styles.heading}>
        <div className={styles.titleRow}>
          <Heading className={`${styles.title} ${size === 'large' ? styles.large : ''}`}>{title}</Heading>
          {status}
        </div>
        {subtitle === undefined ? null : <p className={styles.subtitle}>{subtitle}</p>}
      </div>
      {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
    </header>
  )
}
