import type { EventItem, ResponseKind, User } from '../model.ts'
import { type Tenant, transactionKey } from '../tenant.ts'
import { sendCancellations, sendRequests, sendResponse } from './delivery.ts'
import { audienceOf, type EventChanges, type EventDraft } from './event-changes.ts'
import { asExchangeKeeps } from './exchange-habits.ts'
import { changedCopy, isAddress, organizerCopy, touched } from './meeting.ts'
import { penOf } from './pen.ts'

export type Creation = { is: 'created'; item: EventItem } | { is: 'duplicateTransactionId'; item: EventItem }

/**
 * Makes an event in a mailbox; its owner is the organizer, whoever asked, and invitations leave at once. A transactionId is spent
 * for good: a deleted event's still counts (Graph event resource, `transactionId`).
 */
export function createEvent(tenant: Tenant, owner: User, draft: EventDraft): Creation {
  const known = draft.transactionId ? itemByTransaction(tenant, owner.id, draft.transactionId) : undefined
  if (known !== undefined) return { is: 'duplicateTransactionId', item: known }
  const address = { name: owner.displayName, address: owner.mail }
  const item = organizerCopy({ mailboxId: owner.id, address }, asExchangeKeeps(tenant, draft), penOf(tenant))
  return tenant.store.atomically(() => {
    tenant.events.put(item)
    sendRequests(tenant, item, addressesOf(item))
    return { is: 'created', item }
  })
}

/** Changes an item. As organizer this mails whom the change concerns; an attendee changes only the own copy. */
export function updateEvent(tenant: Tenant, item: EventItem, changes: EventChanges): EventItem {
  return tenant.store.atomically(() => {
    const next = tenant.events.put(changedCopy(item, asExchangeKeeps(tenant, changes), penOf(tenant)))
    if (item.isOrganizer && !item.isCancelled) mailChange(tenant, item, next, changes)
    return next
  })
}

/** Deletes an item. The organizer's deletion cancels the meeting; an attendee's says nothing to anybody. */
export function deleteEvent(tenant: Tenant, item: EventItem): void {
  tenant.store.atomically(() => {
    const pen = penOf(tenant)
    tenant.events.put({ ...touched(item, pen), deletedAt: pen.at })
    if (item.isOrganizer && !item.isCancelled) sendCancellations(tenant, item, addressesOf(item))
  })
}

/** Cancels a meeting as its organizer: the item goes to Deleted Items and everyone invited is told. */
export function cancelEvent(tenant: Tenant, item: EventItem): void {
  tenant.store.atomically(() => {
    const pen = penOf(tenant)
    tenant.events.put({ ...touched(item, pen), isCancelled: true, deletedAt: pen.at })
    sendCancellations(tenant, item, addressesOf(item))
  })
}

export type Answer = Extract<ResponseKind, 'accepted' | 'tentativelyAccepted' | 'declined'>

/** Answers an invitation for the owner of the mailbox, by the owner or by a delegate. A declined meeting leaves the calendar. */
export function respondToEvent(tenant: Tenant, item: EventItem, answer: Answer, sendsResponse: boolean): void {
  tenant.store.atomically(() => {
    const pen = penOf(tenant)
    const answered = touched({ ...item, responseStatus: { response: answer, time: pen.at } }, pen)
    if (answer === 'declined') tenant.events.put({ ...answered, deletedAt: pen.at })
    else tenant.events.put({ ...answered, showAs: answer === 'accepted' ? 'busy' : 'tentative' })
    const owner = tenant.users.get(item.mailboxId)
    if (sendsResponse && owner !== undefined) sendResponse(tenant, item, owner.mail, answer)
  })
}

/** The items a mailbox shows, oldest first: nothing from Deleted Items. */
export function itemsIn(tenant: Tenant, mailboxId: string): EventItem[] {
  return tenant.events.listBy(mailboxId).filter((item) => item.mailboxId === mailboxId && item.deletedAt === null)
}

/** One item by its id or immutable id, if it is this mailbox's: ids of one mailbox mean nothing in another. */
export function itemIn(tenant: Tenant, mailboxId: string, id: string): EventItem | undefined {
  const item = tenant.events.get(id) ?? tenant.events.listBy(id).find((one) => one.deletedAt === null)
  return item?.mailboxId === mailboxId && item.deletedAt === null ? item : undefined
}

function itemByTransaction(tenant: Tenant, mailboxId: string, transactionId: string): EventItem | undefined {
  return tenant.events.listBy(transactionKey(mailboxId, transactionId))[0]
}

function mailChange(tenant: Tenant, before: EventItem, after: EventItem, changes: EventChanges): void {
  const audience = audienceOf(changes)
  if (audience === 'nobody') return
  const left = before.attendees.filter((one) => !isInvited(after, one.emailAddress.address))
  sendCancellations(
    tenant,
    after,
    left.map((one) => one.emailAddress.address),
  )
  const told = after.attendees.filter((one) => audience === 'everyone' || !isSameIn(before, one))
  sendRequests(
    tenant,
    after,
    told.map((one) => one.emailAddress.address),
  )
}

function isInvited(item: EventItem, address: string): boolean {
  return item.attendees.some((one) => isAddress(one.emailAddress, address))
}

function isSameIn(before: EventItem, attendee: EventItem['attendees'][number]): boolean {
  const known = before.attendees.find((one) => isAddress(one.emailAddress, attendee.emailAddress.address))
  return known !== undefined && known.type === attendee.type
}

function addressesOf(item: EventItem): string[] {
  return item.attendees.map((attendee) => attendee.emailAddress.address)
}
