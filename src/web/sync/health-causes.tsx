import type { Cause } from '#sync/health.contract.ts'
import { TextLink } from '../design/links.tsx'
import { MeaningIcon } from '../design/meaning.tsx'
import { causeLink } from './cause-link.ts'
import styles from './health-causes.module.css'

/** Why not all is well, what needs a person first, each with the way to it. */
export function HealthCauses({ causes }: { causes: readonly Cause[] }) {
  return (
    <ul className={styles.causes}>
      {causes.map((cause) => (
        <li key={cause.say} className={styles.cause}>
          <span className={styles.icon}>
            <MeaningIcon meaning={cause.isTrouble ? 'refused' : 'attention'} />
          </span>
          <span className={styles.say}>{cause.say}</span>
          <span className={styles.way}>
            <WayThere cause={cause} />
          </span>
        </li>
      ))}
    </ul>
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
