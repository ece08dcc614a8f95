import type { SyncEventRecord } from '#sync/sync-event.contract.ts'
import { JsonView } from '../design/json-view.tsx'
import { RelatedTabs } from '../design/related-tabs.tsx'
import { EmptyState } from '../design/states.tsx'

/** The same as it was sent and answered, for whoever has to know exactly. */
export function EventJson({ event }: { event: SyncEventRecord }) {
  const { payload, providerPayload, response, difference } = event
  const tabs = [
    { key: 'payload', title: 'Reservation', value: payload, none: 'Nobody has begun with it yet.' },
    { key: 'providerPayload', title: 'Sent to Graph', value: providerPayload, none: 'Nothing was sent.' },
    { key: 'response', title: 'Answer of Graph', value: response, none: 'Nothing was answered.' },
    ...(difference === null ? [] : [{ key: 'difference', title: 'Difference', value: difference, none: '' }]),
  ]
  return (
    <RelatedTabs
      label="As JSON"
      tabs={tabs.map(({ key, title, value, none }) => ({
        key,
        title,
        content:
          value === null ? <EmptyState title="Nothing here" text={none} /> : <JsonView value={value} what={title} />,
      }))}
    />
  )
}
