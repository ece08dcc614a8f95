import { transaction } from '#db/transaction.ts'
import { assertFence, type Lease } from '#jobs/lease.ts'
import { findPersonByEmail } from '#people/person-name.ts'
import type { RoomSync } from '#providers/room-sync.ts'
import { adoptMeeting, type OutsideMeeting } from '#reservations/outside.ts'
import { dayAndHoursIn } from '#reservations/wall-time.ts'
import type { Room } from '#rooms/contract.ts'
import { findRoom, needsOwnApproval } from '#rooms/room.ts'
import { notePlanned, type RoomEvent } from '#watch/room-event.ts'
import { agreementOf } from './agreed.ts'
import type { OrganizerRead } from './apply.ts'
import { insertDecision } from './decision-queries.ts'
import type { SyncDeps } from './deps.ts'
import { insertLink } from './link-queries.ts'
import { answerIn, type RoomSeen, type Seen, subjectInCopy } from './seen.ts'

type Adopting = {
  sync: RoomSync
  lease: Lease
  event: RoomEvent
  seen: Seen
  read: OrganizerRead
  why: 'made_in_outlook' | 'invited_again'
}

/** A meeting that was made in Outlook becomes a reservation: of its organizer, found among people or kept as somebody from outside. */
export async function adopt(deps: SyncDeps, adopting: Adopting): Promise<void> {
  const { sync, lease, event, seen, read, why } = adopting
  const room = await findRoom(deps.db, sync.roomId)
  if (!room || seen.room === null || typeof seen.room === 'string') return
  const meeting = await meetingOf(deps, { ...adopting, room, copy: seen.room })
  const now = deps.seams.now()
  const { id, userId } = await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    const when = dayAndHoursIn(meeting, room.building.timeZone)
    const sentence = `${meeting.organizer.name} reserved ${room.name} in Outlook, ${when}.`
    const line = { kind: 'made_in_outlook', sentence, identity: read.identity, requestId: read.requestId }
    const adopted = await adoptMeeting(trx, deps.seams, { meeting, line })
    await insertLink(trx, {
      reservation_id: adopted.id,
      mailbox: meeting.organizer.email,
      organizer_user_id: meeting.requestedForId,
      transaction_id: null,
      event_id: read.eventId,
      i_cal_uid: event.iCalUId,
      digest: JSON.stringify(agreementOf({ ...meeting, notes: '' })),
      room_answer: meeting.answer,
      provider_id: sync.provider.id,
      born_outside: true,
      created_at: now,
    })
    await notePlanned(trx, event, { decision: 'adopt', why, reservationId: adopted.id, now })
    const place = { room_id: sync.roomId, reservation_id: adopted.id, room_event_id: event.id }
    await insertDecision(trx, { at: now, ...place, decision: 'adopt', why, details: {} })
    return { id: adopted.id, userId: meeting.requestedForId }
  })
  deps.publish({ topic: 'reservation', id, userId })
}

type MeetingFacts = Adopting & { room: Room; copy: RoomSeen }

async function meetingOf(deps: SyncDeps, { sync, seen, room, copy }: MeetingFacts): Promise<OutsideMeeting> {
  const { view } = copy
  const organizer = view.organizer ?? { name: room.name, address: room.mailbox }
  const { delegatedUserEmail: delegated } = sync.provider
  const isDelegated = delegated?.toLowerCase() === organizer.address.toLowerCase()
  const person = await findPersonByEmail(deps.db, organizer.address)
  const read = seen.organizer === null || seen.organizer === 'gone' ? null : seen.organizer
  const guests = view.attendees.map(({ name, address }) => ({ email: address, displayName: name }))
  return {
    roomId: room.id,
    timeZone: room.building.timeZone,
    organizer: { name: organizer.name || organizer.address, email: organizer.address },
    requestedForId: person?.id ?? null,
    mailbox: isDelegated ? 'other' : 'user',
    subject: read?.subject || subjectInRoom(copy),
    // The room clears the private flag of its copy; a copy that still has it was private for sure.
    isPrivate: read?.isPrivate ?? view.isPrivate,
    startsAt: copy.startsAt,
    endsAt: copy.endsAt,
    invitees: (read?.invitees ?? guests).filter(({ email }) => email.toLowerCase() !== organizer.address.toLowerCase()),
    answer: answerIn(view),
    needsOwnApproval: await needsOwnApproval(deps.db, room.id),
  }
}

function subjectInRoom({ view }: RoomSeen): string {
  return subjectInCopy(view) ?? `Meeting of ${view.organizer?.name || view.organizer?.address || 'somebody'}`
}
