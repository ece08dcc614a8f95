import { Tabs } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import styles from './related-tabs.module.css'

export type RelatedTab = { key: string; title: string; count?: number; actions?: ReactNode; content: ReactNode }

/** Related lists of a record as tabs, each with its count. */
export function RelatedTabs({ label, tabs }: { label: string; tabs: readonly RelatedTab[] }) {
  const [open, setOpen] = useState(tabs[0]?.key ?? null)
  return (
    <section className={styles.panel} aria-label={label}>
      <Tabs value={open} onChange={setOpen}>
        <div className={styles.head}>
          <Tabs.List className={styles.list}>
            {tabs.map(({ key, title, count }) => (
              <Tabs.Tab
                key={key}
                value={key}
                rightSection={count === undefined ? null : <span className={styles.count}>{count}</span>}
              >
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <div className={styles.actions}>{tabs.find(({ key }) => key === open)?.actions}</div>
        </div>
        {tabs.map(({ key, content }) => (
          <Tabs.Panel key={key} value={key}>
            {content}
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  )
}
