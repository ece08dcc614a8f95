import type { Capabilities, Capability } from '#providers/contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'
import styles from './capability-table.module.css'
import { capabilityState, capabilityWords } from './words.ts'

const order = ['read', 'delta', 'subscribe', 'write'] as const

/** What was tried with a calendar, what came of it, and what to do next. */
export function CapabilityTable({ capabilities }: { capabilities: Partial<Capabilities> }) {
  const tried = order.flatMap((name) => {
    const capability = capabilities[name]
    return capability === undefined ? [] : [{ label: capabilityWords[name], value: <Found capability={capability} /> }]
  })
  return <KeyValue items={tried} />
}

function Found({ capability }: { capability: Capability }) {
  const { meaning, word } = capabilityState(capability)
  return (
    <span className={styles.found}>
      <span className={styles.state}>
        <StatusBadge meaning={meaning} word={word} variant="plain" />
        <span className={styles.at}>
          <When at={capability.at} />
        </span>
      </span>
      <span className={styles.say}>{capability.say}</span>
    </span>
  )
}
