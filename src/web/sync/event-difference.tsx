import type { SyncEventRecord } from '#sync/sync-event.contract.ts'
import { Panel } from '../design/panel.tsx'
import { SideBySide } from '../design/side-by-side.tsx'
import { plainValue } from './plain-value.ts'

type Difference = NonNullable<SyncEventRecord['difference']>

/** Field by field, what Outlook has now and what it would have. Of a meeting that is not there yet nothing differs: all of it is new. */
export function EventDifference({ difference }: { difference: Difference }) {
  const fields = Object.entries(difference).toSorted(([one], [other]) => placeOf(one) - placeOf(other))
  const isNew = fields.every(([, { now }]) => now === null)
  const rows = fields.map(([name, { now, next }]) => ({
    label: labels[name] ?? name,
    left: plainValue(now),
    right: plainValue(next),
    same: isNew || JSON.stringify(now) === JSON.stringify(next),
  }))
  const title = isNew ? 'What would be put in Outlook' : 'What would change in Outlook'
  return (
    <Panel title={title} padding="flush">
      <SideBySide caption={title} leftTitle="In Outlook now" rightTitle="In Outlook then" rows={rows} />
    </Panel>
  )
}

const labels: Record<string, string> = {
  event: 'The meeting',
  subject: 'Subject',
  start: 'Start',
  end: 'End',
  location: 'Location',
  attendees: 'Attendees',
  sensitivity: 'Sensitivity',
  body: 'Body',
}

/** In the order of the labels; what has none comes last. */
function placeOf(name: string): number {
  const labelled = Object.keys(labels)
  const place = labelled.indexOf(name)
  return place < 0 ? labelled.length : place
}
