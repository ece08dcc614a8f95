import type { Change, Versions } from '../change-log.ts'
import { etagOf } from '../exchange/change-keys.ts'
import type { Subscription } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import type { EndpointHealth } from './endpoint-health.ts'
import { queue } from './outbox.ts'

/** Tells every subscriber of a mailbox what changed in it, one item for each change, or does what the switches make go wrong. */
export function notifyOfChange(
  tenant: Tenant,
  health: EndpointHealth,
  { change, versions }: { change: Change; versions: Versions },
): Subscription[] {
  const dropped: Subscription[] = []
  for (const one of tenant.subscriptions.listBy(change.mailboxId)) {
    const isMeant = one.mailboxId === change.mailboxId && one.changeTypes.includes(change.kind)
    if (!isMeant || one.expiresAt <= change.at) continue
    const state = health.stateOf(one.notificationUrl)
    if (tenant.chance.happens(tenant.switches.subscriptionVanishes)) tenant.subscriptions.delete(one.id)
    else if (state.is === 'dropping') dropped.push(one)
    else notify(tenant, one, itemOf(tenant, one, { change, versions }), state.is === 'slow' ? state.delayMs : 0)
  }
  return dropped
}

type Happened = { change: Change; versions: Versions }

function notify(tenant: Tenant, subscription: Subscription, item: Record<string, unknown>, slowedByMs: number): void {
  const { chance, switches } = tenant
  if (chance.happens(switches.notificationDrops)) return
  const times = chance.happens(switches.notificationDuplicates) ? 2 : 1
  for (let time = 0; time < times; time += 1) {
    const clientState = chance.happens(switches.notificationWrongClientState)
      ? `not-${subscription.clientState ?? ''}`
      : subscription.clientState
    const outgoing = { url: subscription.notificationUrl, subscriptionId: subscription.id, isLifecycle: false }
    queue(tenant, { ...outgoing, payload: { ...item, clientState } }, slowedByMs + delayOf(tenant))
  }
}

/** Late by hours, or just late enough for later ones to overtake. */
function delayOf({ chance, switches }: Tenant): number {
  if (chance.happens(switches.notificationDelays)) return chance.integer(1, switches.notificationDelayMaxMs)
  return chance.happens(switches.notificationReorders) ? chance.integer(1, 4) * (switches.notificationBatchMs + 1) : 0
}

/** The item as the changeNotification resource describes it; a GET afterwards shows what is then, not what it tells of. */
function itemOf(tenant: Tenant, subscription: Subscription, { change, versions }: Happened): Record<string, unknown> {
  const id = subscription.wantsImmutableIds ? change.immutableId : change.itemId
  const resource = `Users/${change.mailboxId}/Events/${id}`
  const version = versions.after ?? versions.before
  return {
    id: tenant.chance.uuid(),
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: subscription.expiresAt,
    clientState: subscription.clientState,
    changeType: change.kind,
    resource,
    tenantId: tenant.directory.tenantId,
    resourceData: {
      '@odata.type': '#Microsoft.Graph.Event',
      '@odata.id': resource,
      ...(version === null ? {} : { '@odata.etag': etagOf(version) }),
      id,
    },
  }
}
