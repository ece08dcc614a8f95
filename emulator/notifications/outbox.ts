import { recordEntry } from '../ledger.ts'
import type { Notification } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import type { EndpointHealth } from './endpoint-health.ts'

export const sendKind = 'notifications.send'

/** One request carries so many items at most. */
const batchMax = 50
/** The first pause before trying again; each further one is twice as long, up to the longest. */
const retryMs = { first: 5_000, longest: 30 * 60_000 }

export type Outgoing = Pick<Notification, 'url' | 'subscriptionId' | 'isLifecycle' | 'payload'>

/** Puts something on its way. What is already waiting for the same address and was not delayed takes it along. */
export function queue(tenant: Tenant, outgoing: Outgoing, delayMs: number): void {
  const now = tenant.now()
  const own = new Date(now.getTime() + tenant.switches.notificationBatchMs + delayMs).toISOString()
  const waiting = tenant.notifications.listBy(outgoing.url).filter((one) => one.attempts === 0)
  const joined = delayMs > 0 ? undefined : waiting.find((one) => one.dueAt > now.toISOString() && one.dueAt <= own)
  const dueAt = joined?.dueAt ?? own
  const id = tenant.chance.uuid()
  tenant.notifications.put({ ...outgoing, id, queuedAt: now.toISOString(), dueAt, attempts: 0 })
  if (joined === undefined) tenant.clock.schedule(new Date(dueAt), sendKind, { url: outgoing.url })
}

/** What is to happen with a notification that will not be sent any more. */
export type Losing = (notification: Notification) => void

/**
 * Sends what is due for an address. It counts as unanswered until it is answered: should the tenant be killed meanwhile, it is tried
 * again after its restart.
 */
export function sendDue(tenant: Tenant, url: string, health: EndpointHealth, lose: Losing): void {
  const now = tenant.now().toISOString()
  const due = tenant.notifications.listBy(url).filter((one) => one.dueAt <= now)
  const paused = due.filter((one) => isPaused(tenant, one))
  for (const one of paused) tenant.notifications.put({ ...one, isPaused: true, attempts: one.attempts + 1 })
  if (paused.length > 0) tryLater(tenant, paused, lose)
  const ready = due.filter((one) => !paused.includes(one))
  for (let at = 0; at < ready.length; at += batchMax) {
    const batch = ready.slice(at, at + batchMax)
    const retry = holdBack(tenant, batch, health.timeoutMs)
    tenant.background(
      send(tenant, url, batch, health).then((isTaken) => {
        tenant.clock.unschedule(retry)
        if (isTaken) for (const one of batch) tenant.notifications.delete(one.id)
        else tryLater(tenant, batch, lose)
      }),
    )
  }
}

/** Makes what waits for a lapsed token go out now. */
export function releasePaused(tenant: Tenant, subscriptionId: string): void {
  const now = tenant.now()
  for (const one of tenant.notifications.listBy(subscriptionId)) {
    if (one.isPaused !== true) continue
    tenant.notifications.put({ ...one, isPaused: false, dueAt: now.toISOString() })
    tenant.clock.schedule(now, sendKind, { url: one.url })
  }
}

/** Delivery rests while the token of the last authorization has lapsed, where the switch says that it matters. */
function isPaused(tenant: Tenant, { subscriptionId, isLifecycle }: Notification): boolean {
  const subscription = tenant.subscriptions.get(subscriptionId)
  const { notificationsPauseWithToken: pausing } = tenant.switches
  if (subscription === undefined || isLifecycle || pausing === 'none') return false
  const isMeant = pausing === 'both' || (pausing === 'application') === subscription.isByApplication
  return isMeant && subscription.tokenExpiresAt <= tenant.now().toISOString()
}

function holdBack(tenant: Tenant, batch: Notification[], timeoutMs: number): string {
  const url = batch[0]?.url
  const until = new Date(tenant.now().getTime() + timeoutMs + retryMs.first)
  const dueAt = until.toISOString()
  for (const one of batch) tenant.notifications.put({ ...one, isPaused: false, dueAt, attempts: one.attempts + 1 })
  return tenant.clock.schedule(until, sendKind, { url }).id
}

/** With ever longer pauses, until four hours after it was queued. */
function tryLater(tenant: Tenant, batch: Notification[], lose: Losing): void {
  const nowMs = tenant.now().getTime()
  const pauses = new Set<number>()
  for (const { id } of batch) {
    const one = tenant.notifications.get(id)
    if (one === undefined) continue
    const pauseMs = Math.min(retryMs.first * 2 ** (one.attempts - 1), retryMs.longest)
    if (nowMs + pauseMs > Date.parse(one.queuedAt) + tenant.switches.notificationRetryForMs) {
      tenant.notifications.delete(id)
      lose(one)
      continue
    }
    tenant.notifications.put({ ...one, dueAt: new Date(nowMs + pauseMs).toISOString() })
    pauses.add(pauseMs)
  }
  const url = batch[0]?.url
  for (const pauseMs of pauses) tenant.clock.schedule(new Date(nowMs + pauseMs), sendKind, { url })
}

/** True when the endpoint took it: any 2xx in time. */
async function send(tenant: Tenant, url: string, batch: Notification[], health: EndpointHealth): Promise<boolean> {
  const startedMs = tenant.now().getTime()
  const body = JSON.stringify({ value: batch.map((one) => one.payload) })
  const status = await statusOf(tenant, url, body, health.timeoutMs)
  health.note(url, status === 'late' ? health.timeoutMs : tenant.now().getTime() - startedMs)
  record(tenant, url, batch, status)
  return status !== 'late' && status >= 200 && status < 300
}

async function statusOf(tenant: Tenant, url: string, body: string, timeoutMs: number): Promise<number | 'late'> {
  const headers = { 'content-type': 'application/json' }
  try {
    return await tenant.within(timeoutMs, async (signal) => {
      const response = await tenant.fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
      await response.body?.cancel()
      return response.status
    })
  } catch {
    return 0
  }
}

function record(tenant: Tenant, url: string, batch: Notification[], status: number | 'late'): void {
  const subscription = tenant.subscriptions.get(batch[0]?.subscriptionId ?? '')
  recordEntry(tenant, {
    surface: 'notification',
    method: 'POST',
    path: new URL(url).origin + new URL(url).pathname,
    status: status === 'late' ? 0 : status,
    errorCode: status === 'late' ? 'timed_out' : status === 0 ? 'unreachable' : null,
    clientId: subscription?.clientId ?? null,
    requestId: batch[0]?.id ?? '',
  })
}
