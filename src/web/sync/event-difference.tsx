import type { SyncEventRecord } from '#sync/sync-event.contract.ts'
import { SideBySide } from '../design/side-by-side.tsx'
import { plainValue } from './plain-value.ts'

type Difference = NonNullable<SyncEventRecord['difference']>

/** Field by field, what Outlook has now and what it would have. */
export function EventDifference({ difference }: { difference: Difference }) {
  const rows = Object.entries(difference).map(([name, { now, next }]) => ({
    label: labels[name] ?? name,
    left: plainValue(now),
    right: plainValue(next),
    same: JSON.stringify(now) === JSON.stringify(next),
  }))
  return (
    <SideBySide
      caption="What would change in Outlook"
      leftTitle="In Outlook now"
      rightTitle="In Outlook then"
      rows={rows.toSorted((one, other) => Number(one.same) - Number(other.same))}
    />
  )
}

const labels: Record<string, string> = {
  event: 'The meeting',
  subject: 'Subject',
  body: 'Body',
  start: 'Start',
  end: 'End',
  location: 'Location',
  attendees: 'Attendees',
  sensitivity: 'Sensitivity',
}
