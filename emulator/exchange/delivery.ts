import type { EventItem, ResponseKind } from '../model.ts'
import type { Tenant } from '../tenant.ts'

/** Kinds of meeting mail, each a task on the tenant's clock; inbox.ts receives them. */
export const mailKinds = {
  request: 'exchange.meetingRequest',
  cancellation: 'exchange.meetingCancellation',
  response: 'exchange.meetingResponse',
} as const

export type MeetingRequest = { organizerItemId: string; recipientId: string }
export type MeetingCancellation = { iCalUId: string; recipientId: string }
/** An answer names the time it answered, so that one to a time since changed can be told apart. */
export type MeetingResponse = {
  iCalUId: string
  from: string
  response: ResponseKind
  at: string
  startsAt: string
  endsAt: string
}

/** Mails a new or changed meeting to addresses. Only mailboxes of this tenant get a copy; mail to others leaves the tenant unseen. */
export function sendRequests(tenant: Tenant, original: EventItem, addresses: string[]): void {
  for (const recipientId of internalMailboxes(tenant, original, addresses)) {
    send(tenant, mailKinds.request, { organizerItemId: original.id, recipientId } satisfies MeetingRequest)
  }
}

/** Mails a cancellation to addresses. */
export function sendCancellations(tenant: Tenant, original: EventItem, addresses: string[]): void {
  for (const recipientId of internalMailboxes(tenant, original, addresses)) {
    send(tenant, mailKinds.cancellation, { iCalUId: original.iCalUId, recipientId } satisfies MeetingCancellation)
  }
}

/** Mails an attendee's answer back to the organizer. */
export function sendResponse(tenant: Tenant, copy: EventItem, from: string, response: ResponseKind): void {
  const { iCalUId, startsAt, endsAt } = copy
  const at = tenant.now().toISOString()
  send(tenant, mailKinds.response, { iCalUId, from, response, at, startsAt, endsAt } satisfies MeetingResponse)
}

function internalMailboxes(tenant: Tenant, original: EventItem, addresses: string[]): Set<string> {
  const found = addresses.map((address) => tenant.findUser(address)).filter((user) => user?.homeTenantId === null)
  return new Set(found.flatMap((user) => (user && user.id !== original.mailboxId ? [user.id] : [])))
}

function send(tenant: Tenant, kind: string, payload: Record<string, unknown>): void {
  tenant.clock.schedule(new Date(tenant.now().getTime() + tenant.switches.deliveryDelayMs), kind, payload)
}
