import type { Meaning } from '../design/meaning.tsx'

const refused = /declined|failed|refused$|rejected|expired|gave_up/
const attention =
  /permission_needed|retry|throttled|tentative|conflict(?!_over)|drift|not_sent|not_continued|overruled|outlook_wins|refused_so_as_before|asked_again|deleted_in_outlook|room_removed/
const good =
  /accepted|approved|confirmed|continued|_created|_changed|_cancelled|permission_given|conflict_over|room_released/

/** What a kind of line in the timeline means. Unknown kinds are neutral: the server may learn new ones first. */
export function historyMeaning(kind: string): Meaning {
  if (refused.test(kind)) return 'refused'
  if (attention.test(kind)) return 'attention'
  if (good.test(kind)) return 'good'
  return /waiting|awaiting/.test(kind) ? 'waiting' : 'neutral'
}

const fromOutlook =
  /_in_outlook$|^room_(accepted|declined|tentative|asked_again|removed)$|^outlook_wins$|^refused_so_as_before$/
const toOutlook = /^event_(created|changed|cancelled)$|^room_released$|^retry$|^failed$|^not_sent$/

/** Which way a line went: what Outlook told us, or what we told Outlook; null for what happened here. */
export function historyWay(kind: string): 'From Outlook' | 'To Outlook' | null {
  if (fromOutlook.test(kind)) return 'From Outlook'
  return toOutlook.test(kind) ? 'To Outlook' : null
}
