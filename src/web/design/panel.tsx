import { type ReactNode, useId } from 'react'
import styles from './panel.module.css'

type PanelProps = {
  title?: ReactNode
  actions?: ReactNode
  children: ReactNode
  /** `flush` lets a table reach the border. */
  padding?: 'normal' | 'flush'
}

/** One bordered part of a page. With a title it is a landmark of that name. */
export function Panel({ title, actions, children, padding = 'normal' }: PanelProps) {
  const titleId = useId()
  return (
    <section className={styles.panel} aria-labelledby={title === undefined ? undefined : titleId}>
      {title === undefined ? null : (
        <div className={styles.head}>
          <h2 className={styles.title} id={titleId}>
            {title}
          </h2>
          {actions}
        </div>
      )}
      <div className={padding === 'flush' ? styles.flush : styles.body}>{children}</div>
    </section>
  )
}
