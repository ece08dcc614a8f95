import type { ReactNode } from 'react'
import type { Health } from '#sync/health.contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { TextLink } from '../design/links.tsx'
import { When } from '../design/when.tsx'

type WaitingFactsProps = Pick<Health, 'queue' | 'drift' | 'subscriptions'>

/** What is under way and for how long, what had been missed, and the subscriptions that tell us of changes. */
export function WaitingFacts({ queue: { outbox, items, hints }, drift, subscriptions }: WaitingFactsProps) {
  return (
    <KeyValue
      items={[
        {
          label: 'To Outlook',
          value:
            outbox.waiting === 0 ? (
              'Nothing'
            ) : (
              <Since since={outbox.oldestAt}>
                <TextLink to="/console/sync-events" search={{ state: 'new' }}>
                  {changes(outbox.waiting)}
                </TextLink>
              </Since>
            ),
        },
        {
          label: 'For a permission',
          value:
            outbox.forPermission === 0 ? (
              'Nothing'
            ) : (
              <TextLink to="/console/sync-events" search={{ subState: 'waits_for_permission' }}>
                {changes(outbox.forPermission)}
              </TextLink>
            ),
        },
        {
          label: 'To be read',
          value: hints.rooms === 0 ? 'Nothing' : <Since since={hints.oldestAt}>{rooms(hints.rooms)}</Since>,
        },
        {
          label: 'To be compared',
          value: items.due === 0 ? 'Nothing' : <Since since={items.oldestAt}>{calendarItems(items.due)}</Since>,
        },
        { label: 'Drift', value: driftWords(drift) },
        { label: 'Subscriptions', value: subscriptionWords(subscriptions) },
        {
          label: 'Next to lapse',
          value: subscriptions.nextExpiryAt === null ? null : <When at={subscriptions.nextExpiryAt} />,
        },
      ]}
    />
  )
}

function Since({ since, children }: { since: string | null; children: ReactNode }) {
  if (since === null) return children
  return (
    <>
      {children}, the oldest since <When at={since} />
    </>
  )
}

function driftWords({ now, found }: Health['drift']): string {
  if (found === 0) return 'None: no comparison has found anything that was missed'
  if (now === 0) return `None now; ${calendarItems(found)} found and repaired so far`
  return `${calendarItems(now)} found by the last comparison and repaired; ${found} so far`
}

function subscriptionWords({ active, failed, expiring, underWay }: Health['subscriptions']): string {
  const others = [
    failed > 0 ? `${failed} failed` : null,
    expiring > 0 ? `${expiring} about to lapse` : null,
    underWay > 0 ? `${underWay} being made or removed` : null,
  ].filter((part) => part !== null)
  return [`${active} active`, ...others].join(', ')
}

function changes(count: number): string {
  return count === 1 ? '1 change' : `${count} changes`
}

function rooms(count: number): string {
  return count === 1 ? '1 room' : `${count} rooms`
}

function calendarItems(count: number): string {
  return count === 1 ? '1 calendar item' : `${count} calendar items`
}
