import type { Subscription } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { queue, releasePaused } from './outbox.ts'

export const expiryKind = 'notifications.expiry'
export const reauthorizationKind = 'notifications.reauthorization'

type Authorization = { subscriptionId: string; authorizedAt: string }

/** Keeps a subscription that was just made, renewed or reauthorized, and plans its end and the warnings before it. */
export function keepAuthorized(tenant: Tenant, subscription: Subscription): Subscription {
  const kept = tenant.subscriptions.put(subscription)
  const authorization: Authorization = { subscriptionId: kept.id, authorizedAt: kept.authorizedAt }
  tenant.clock.schedule(new Date(kept.expiresAt), expiryKind, authorization)
  tenant.clock.schedule(warningAt(tenant, kept), reauthorizationKind, authorization)
  releasePaused(tenant, kept.id)
  return kept
}

/** Tells the subscriber of something that happened to the subscription; without a lifecycle address nobody hears of it. */
export function queueLifecycle(tenant: Tenant, subscription: Subscription, lifecycleEvent: string): void {
  const { id, lifecycleNotificationUrl, clientState, expiresAt } = subscription
  if (lifecycleNotificationUrl === null) return
  const payload = {
    id: tenant.chance.uuid(),
    lifecycleEvent,
    subscriptionId: id,
    subscriptionExpirationDateTime: expiresAt,
    clientState,
    tenantId: tenant.directory.tenantId,
  }
  queue(tenant, { url: lifecycleNotificationUrl, subscriptionId: id, isLifecycle: true, payload }, 0)
}

/** Says once that notifications were lost, until that is taken. */
export function tellMissed(tenant: Tenant, subscriptionId: string): void {
  const subscription = tenant.subscriptions.get(subscriptionId)
  const isSaid = tenant.notifications.listBy(subscriptionId).some((one) => one.payload.lifecycleEvent === 'missed')
  if (subscription !== undefined && tenant.switches.missedEvents && !isSaid)
    queueLifecycle(tenant, subscription, 'missed')
}

/** A subscription that nobody renewed is no more; nothing is said about it. */
export function expire(tenant: Tenant, authorization: Authorization): void {
  const subscription = current(tenant, authorization)
  if (subscription !== null && subscription.expiresAt <= tenant.now().toISOString())
    tenant.subscriptions.delete(subscription.id)
}

/** Asks for a new authorization, again and again until there is one. */
export function askForReauthorization(tenant: Tenant, authorization: Authorization): void {
  const subscription = current(tenant, authorization)
  if (subscription === null) return
  queueLifecycle(tenant, subscription, 'reauthorizationRequired')
  const againAt = new Date(tenant.now().getTime() + tenant.switches.reauthorizationEveryMs)
  tenant.clock.schedule(againAt, reauthorizationKind, authorization)
}

/** The subscription if nothing renewed it since. */
function current(tenant: Tenant, { subscriptionId, authorizedAt }: Authorization): Subscription | null {
  const subscription = tenant.subscriptions.get(subscriptionId)
  return subscription?.authorizedAt === authorizedAt ? subscription : null
}

/** Some time before its end, or before its token's where that matters, but not before half of the time is over. */
function warningAt({ switches }: Tenant, subscription: Subscription): Date {
  const { notificationsPauseWithToken: pausing, reauthorizationLeadMs } = switches
  const ridesOnToken = pausing === 'both' || pausing === (subscription.isByApplication ? 'application' : 'delegated')
  const ends = [subscription.expiresAt, ...(ridesOnToken ? [subscription.tokenExpiresAt] : [])].map(Date.parse)
  const endsMs = Math.min(...ends)
  const fromMs = Date.parse(subscription.authorizedAt)
  return new Date(Math.max(endsMs - reauthorizationLeadMs, fromMs + Math.max(0, endsMs - fromMs) / 2))
}
