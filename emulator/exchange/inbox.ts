import type { EventItem, User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { type MeetingCancellation, type MeetingRequest, type MeetingResponse, mailKinds } from './delivery.ts'
import { attendeeCopy, cancelledCopy, isMoved, refreshedCopy, talliedCopy } from './meeting.ts'
import { followItem } from './move-items.ts'
import { penOf } from './pen.ts'
import { answerAsRoom, receiveInRoom, roomAnswerKind } from './room-attendant.ts'

/** Makes the tenant's mailboxes receive meeting mail, and its rooms answer. Call once for each tenant that is served. */
export function runMailboxes(tenant: Tenant): void {
  tenant.clock.onTask(mailKinds.request, (payload) => receiveRequest(tenant, payload as MeetingRequest))
  tenant.clock.onTask(mailKinds.cancellation, (payload) => receiveCancellation(tenant, payload as MeetingCancellation))
  tenant.clock.onTask(mailKinds.response, (payload) => receiveResponse(tenant, payload as MeetingResponse))
  tenant.clock.onTask(roomAnswerKind, (payload) => answerAsRoom(tenant, String(payload.itemId)))
}

/** The meeting is read as it is now: what changed again since the mail was sent is already in it. */
function receiveRequest(tenant: Tenant, { organizerItemId, recipientId }: MeetingRequest): void {
  const original = followItem(tenant, organizerItemId)
  const recipient = tenant.users.get(recipientId)
  if (!original || !recipient || original.deletedAt !== null || original.isCancelled) return
  if (!original.attendees.some((one) => tenant.findUser(one.emailAddress.address)?.id === recipientId)) return
  const known = copyIn(tenant, recipientId, original.iCalUId)
  const receive = recipient.kind === 'room' ? receiveInRoom : receiveAsPerson
  receive(tenant, recipient, original, known)
}

function receiveAsPerson(tenant: Tenant, person: User, original: EventItem, known: EventItem | null): void {
  const pen = penOf(tenant)
  const owner = { mailboxId: person.id, address: { name: person.displayName, address: person.mail } }
  tenant.events.put(known === null ? attendeeCopy(original, owner, pen) : refreshedCopy(known, original, pen))
}

function receiveCancellation(tenant: Tenant, { iCalUId, recipientId }: MeetingCancellation): void {
  const copy = copyIn(tenant, recipientId, iCalUId)
  if (copy === null || copy.isCancelled) return
  const pen = penOf(tenant)
  const cancelled = cancelledCopy(copy, pen)
  const removes = tenant.roomPolicies.get(recipientId)?.removeCanceledMeetings === true
  tenant.events.put(removes ? { ...cancelled, deletedAt: pen.at } : cancelled)
}

function receiveResponse(tenant: Tenant, mail: MeetingResponse): void {
  const original = tenant.events.listBy(mail.iCalUId).find((item) => item.isOrganizer && item.deletedAt === null)
  if (original === undefined || isMoved(original, mail)) return
  const from = tenant.findUser(mail.from)
  // An attendee may have got another address since.
  const asked = original.attendees.find(({ emailAddress }) => tenant.findUser(emailAddress.address)?.id === from?.id)
  if (asked === undefined) return
  tenant.events.put(talliedCopy(original, { ...mail, from: asked.emailAddress.address }, penOf(tenant)))
}

function copyIn(tenant: Tenant, mailboxId: string, iCalUId: string): EventItem | null {
  const copies = tenant.events.listBy(iCalUId)
  return copies.find((copy) => copy.mailboxId === mailboxId && copy.deletedAt === null) ?? null
}
