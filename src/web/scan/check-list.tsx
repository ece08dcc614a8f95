import type { ScanReport } from '#scan/contract.ts'
import { MeaningIcon } from '../design/meaning.tsx'
import styles from './check-list.module.css'

/** Everything that was looked at, found right or not. */
export function CheckList({ checks }: { checks: ScanReport['checks'] }) {
  return (
    <ul className={styles.list}>
      {checks.map(({ key, title, findingCount }) => (
        <li key={key} className={styles.check}>
          <span className={styles.icon}>
            <MeaningIcon meaning={findingCount === 0 ? 'good' : 'attention'} />
          </span>
          <span>{title}</span>
          <span className={styles.count}>{findingCount === 0 ? 'right' : `${findingCount} found`}</span>
        </li>
      ))}
    </ul>
  )
}
