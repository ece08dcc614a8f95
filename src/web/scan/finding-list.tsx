import type { Finding } from '#scan/contract.ts'
import { LinkButton } from '../design/links.tsx'
import { MeaningIcon } from '../design/meaning.tsx'
import styles from './finding-list.module.css'

const words = { refused: 'Does not work', attention: 'To know' } as const

/** Findings, the worst first, each with the way to where it is mended. */
export function FindingList({ findings }: { findings: readonly Finding[] }) {
  const sorted = findings.toSorted((one, other) => rank(one) - rank(other))
  return (
    <ol className={styles.list}>
      {sorted.map((finding) => (
        <li key={`${finding.check} ${finding.subject}`} className={styles.finding}>
          <span className={styles.icon}>
            <MeaningIcon meaning={finding.meaning} size={20} />
          </span>
          <div className={styles.body}>
            <h3 className={styles.subject}>
              {finding.subject} <span className={styles[finding.meaning]}>{words[finding.meaning]}</span>
            </h3>
            <p className={styles.say}>{finding.say}</p>
            <p className={styles.action}>{finding.action}</p>
          </div>
          <div className={styles.way}>
            <LinkButton to={finding.link} variant="default" size="xs" aria-label={`Mend it: ${finding.subject}`}>
              Mend it
            </LinkButton>
          </div>
        </li>
      ))}
    </ol>
  )
}

const rank = ({ meaning }: Finding) => (meaning === 'refused' ? 0 : 1)
