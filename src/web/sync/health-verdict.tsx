import type { Health } from '#sync/health.contract.ts'
import { Banner } from '../design/banner.tsx'
import type { Meaning } from '../design/meaning.tsx'
import styles from './health-verdict.module.css'

const meanings: Record<Health['verdict']['is'], Meaning> = {
  well: 'good',
  attention: 'attention',
  trouble: 'refused',
  empty: 'neutral',
}

/** One sentence about it all. */
export function HealthVerdict({ verdict: { is, say } }: Pick<Health, 'verdict'>) {
  return (
    <Banner meaning={meanings[is]}>
      <p className={styles.say}>{say}</p>
    </Banner>
  )
}
