import type { EventItem, RoomPolicy, User } from '../model.ts'
import type { Tenant } from '../tenant.ts'
import { sendResponse } from './delivery.ts'
import { attendeeCopy, refreshedCopy, touched } from './meeting.ts'
import { followItem } from './move-items.ts'
import { penOf } from './pen.ts'
import { answerFor, type RoomAnswer, strippedForRoom } from './room-policy.ts'

export const roomAnswerKind = 'exchange.roomAnswer'

/**
 * A meeting request reaches a room. It shows on the calendar as tentative with the organizer's words, and the booking attendant
 * answers later. A room whose processing is `None` leaves the request in its inbox.
 */
export function receiveInRoom(tenant: Tenant, room: User, original: EventItem, known: EventItem | null): void {
  const policy = tenant.roomPolicies.get(room.id)
  if (policy === undefined || policy.automateProcessing === 'None') return
  const pen = penOf(tenant)
  const owner = { mailboxId: room.id, address: { name: room.displayName, address: room.mail } }
  const copy = tenant.events.put(
    known === null ? attendeeCopy(original, owner, pen) : refreshedCopy(known, original, pen),
  )
  if (policy.automateProcessing !== 'AutoAccept') return
  const answersAt = new Date(tenant.now().getTime() + policy.answersAfterMs)
  tenant.clock.schedule(answersAt, roomAnswerKind, { itemId: copy.id })
}

/** The booking attendant's turn on one item of a room. A request already answered is only stripped again. */
export function answerAsRoom(tenant: Tenant, itemId: string): void {
  const copy = followItem(tenant, itemId)
  const room = copy && tenant.users.get(copy.mailboxId)
  const policy = copy && tenant.roomPolicies.get(copy.mailboxId)
  if (!copy || !room || !policy || copy.deletedAt !== null || copy.isCancelled) return
  const pen = penOf(tenant)
  if (copy.responseStatus.response !== 'notResponded') {
    tenant.events.put(touched(strippedForRoom(copy, policy), pen))
    return
  }
  const organizer = [copy.organizer.address, tenant.findUser(copy.organizer.address)?.id ?? '']
  const calendar = tenant.events.listBy(room.id)
  applyAnswer(tenant, { copy, room, policy }, answerFor(policy, { meeting: copy, organizer, calendar, now: pen.at }))
}

const responses = { accepted: 'accepted', pending: 'tentativelyAccepted', declined: 'declined' } as const

type Turn = { copy: EventItem; room: User; policy: RoomPolicy }

function applyAnswer(tenant: Tenant, { copy, room, policy }: Turn, answer: RoomAnswer): void {
  if (answer.is === 'unprocessed') return
  const pen = penOf(tenant)
  const response = responses[answer.is]
  const answered = touched({ ...copy, responseStatus: { response, time: pen.at } }, pen)
  if (answer.is === 'declined') {
    tenant.events.put({ ...answered, deletedAt: pen.at })
  } else {
    const pendingShows = policy.tentativePendingApproval ? 'tentative' : 'free'
    const showAs = answer.is === 'accepted' ? 'busy' : pendingShows
    tenant.events.put({ ...strippedForRoom(answered, policy), showAs })
  }
  sendResponse(tenant, copy, room.mail, response)
}
