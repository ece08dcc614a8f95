import type { Meaning } from '../design/meaning.tsx'

/** What a kind of line in the timeline means. Unknown kinds are neutral: the server may learn new ones first. */
export function historyMeaning(kind: string): Meaning {
  if (/declined|failed|refused|gave_up/.test(kind)) return 'refused'
  if (/permission_needed|retry|throttled|tentative|conflict|drift/.test(kind)) return 'attention'
  if (/accepted|approved|confirmed|_created|_changed|_cancelled|permission_given/.test(kind)) return 'good'
  return /waiting|awaiting/.test(kind) ? 'waiting' : 'neutral'
}
