import { IconChecks } from '@tabler/icons-react'
import type { Health } from '#sync/health.contract.ts'
import { TextLink } from '../design/links.tsx'
import { EmptyState } from '../design/states.tsx'
import { When } from '../design/when.tsx'
import styles from './health-errors.module.css'

/** Changes that did not get through and have not since, by reason; each leads to them. */
export function HealthErrors({ errors }: Pick<Health, 'errors'>) {
  if (errors.length === 0) {
    return (
      <EmptyState
        icon={<IconChecks size={28} stroke={1.5} aria-hidden="true" />}
        title="Everything got through"
        text="What Microsoft refuses, or what has to be tried again, is counted here by its reason."
      />
    )
  }
  return (
    <ul className={styles.list} aria-label="Changes that did not get through">
      {errors.map(({ code, say, count, lastAt }) => (
        <li key={code} className={styles.item}>
          <div className={styles.head}>
            <TextLink to="/console/sync-events" search={{ state: 'error', since: '24h', errorCode: code }}>
              {code}
            </TextLink>
            <span className={styles.aside}>
              {count === 1 ? '1 change' : `${count} changes`}, last <When at={lastAt} />
            </span>
          </div>
          <div className={styles.aside}>{say}</div>
        </li>
      ))}
    </ul>
  )
}
