import type { SystemActing } from '#providers/contract.ts'
import { StatusBadge } from '../design/status-badge.tsx'

/** Can somebody act for the system? In a list: the short word, with the sentence behind it. */
export function ActingBadge({ acting }: { acting: SystemActing }) {
  if (acting.ok) return <StatusBadge meaning="good" word={acting.identity ?? 'Ready'} variant="plain" />
  return (
    <span title={acting.say}>
      <StatusBadge
        meaning="refused"
        word={acting.code === 'token_missing' ? 'Token missing' : 'Not ready'}
        variant="plain"
      />
    </span>
  )
}
