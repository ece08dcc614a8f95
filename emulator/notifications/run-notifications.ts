import type { Tenant } from '../tenant.ts'
import { notifyOfChange } from './change-notifications.ts'
import { EndpointHealth } from './endpoint-health.ts'
import { askForReauthorization, expire, expiryKind, reauthorizationKind, tellMissed } from './lifecycle.ts'
import { sendDue, sendKind } from './outbox.ts'

/** Makes the tenant tell its subscribers what changes. Call once for each tenant that is served. */
export function runNotifications(tenant: Tenant): void {
  const health = new EndpointHealth(tenant)
  tenant.changes.watch((change, versions) => {
    for (const dropped of notifyOfChange(tenant, health, { change, versions })) tellMissed(tenant, dropped.id)
  })
  tenant.clock.onTask(sendKind, ({ url }) =>
    sendDue(tenant, String(url), health, (lost) => {
      if (!lost.isLifecycle) tellMissed(tenant, lost.subscriptionId)
    }),
  )
  tenant.clock.onTask(expiryKind, (payload) => expire(tenant, payload as Parameters<typeof expire>[1]))
  tenant.clock.onTask(reauthorizationKind, (payload) =>
    askForReauthorization(tenant, payload as Parameters<typeof askForReauthorization>[1]),
  )
}
