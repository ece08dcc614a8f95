import type { Cause, Health } from '#sync/health.contract.ts'
import { Banner } from '../design/banner.tsx'
import { TextLink } from '../design/links.tsx'
import { type Meaning, MeaningIcon } from '../design/meaning.tsx'
import { causeLink } from './cause-link.ts'
import styles from './health-verdict.module.css'

const meanings: Record<Health['verdict']['is'], Meaning> = {
  well: 'good',
  attention: 'attention',
  trouble: 'refused',
  empty: 'neutral',
}

/** One sentence about it all; below it each cause with the way to it, when there are several. */
export function HealthVerdict({ verdict: { is, say, causes } }: { verdict: Health['verdict'] }) {
  return (
    <Banner meaning={meanings[is]}>
      <p className={styles.say}>{say}</p>
      {causes.length === 0 ? null : (
        <ul className={styles.causes} aria-label="Why">
          {causes.map((cause) => (
            <li key={cause.say} className={styles.cause}>
              <span className={styles.icon}>
                <MeaningIcon meaning={cause.isTrouble ? 'refused' : 'attention'} />
              </span>
              <span>
                {cause.say} <WayThere cause={cause} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Banner>
  )
}

function WayThere({ cause }: { cause: Cause }) {
  const link = causeLink(cause)
  return link === null ? null : (
    <TextLink to={link.to} search={link.search}>
      {link.title}
    </TextLink>
  )
}
