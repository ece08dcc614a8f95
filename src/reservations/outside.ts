import type { Database } from '#db/database.ts'
import type { Seams } from '#kit/seams.ts'
import type { ReservationState } from './contract.ts'
import type { SyncMailbox } from './deps.ts'
import { type Happening, recordHistory } from './history.ts'
import { dropChanges } from './outbox.ts'
import { settleProposals } from './proposal.ts'
import {
  insertReservation,
  lockReservation,
  lockRoom,
  type ReservationRow,
  replaceInvitees,
  selectConflicted,
  selectHolders,
  updateReservation,
} from './queries.ts'
import { holdsRoom, mayBecome, stateFor } from './state.ts'
import { hoursIn } from './wall-time.ts'

type OutsideSeams = Pick<Seams, 'newId' | 'now'>
type Guest = { email: string; displayName: string }
export type RoomAnswer = ReservationRow['room_answer']

/** A meeting that was made outside and holds one of our rooms. */
export type OutsideMeeting = {
  roomId: string
  timeZone: string
  organizer: { name: string; email: string }
  /** The organizer, when they are known here. */
  requestedForId: string | null
  mailbox: SyncMailbox
  subject: string
  isPrivate: boolean
  startsAt: Date
  endsAt: Date
  invitees: readonly Guest[]
  answer: RoomAnswer
  needsOwnApproval: boolean
}

/** Makes a reservation of it, in the transaction of whoever found it. It can be in conflict with one that holds the room already. */
export async function adoptMeeting(
  trx: Database,
  seams: OutsideSeams,
  { meeting, line }: { meeting: OutsideMeeting; line: Happening },
): Promise<{ id: string; state: ReservationState }> {
  const id = seams.newId()
  const now = seams.now()
  await lockRoom(trx, meeting.roomId)
  const approval = meeting.needsOwnApproval ? ('awaiting_approval' as const) : ('not_required' as const)
  const span = { startsAt: meeting.startsAt, endsAt: meeting.endsAt }
  const settled = await settledState(
    trx,
    { id, roomId: meeting.roomId, span, timeZone: meeting.timeZone },
    {
      room_answer: meeting.answer,
      approval,
    },
  )
  await insertReservation(trx, {
    id,
    room_id: meeting.roomId,
    requested_for_id: meeting.requestedForId,
    opened_by_id: meeting.requestedForId,
    organizer_name: meeting.organizer.name,
    organizer_email: meeting.organizer.email,
    source: 'outlook',
    ...settled,
    subject: meeting.subject,
    is_private: meeting.isPrivate,
    starts_at: meeting.startsAt,
    ends_at: meeting.endsAt,
    time_zone: meeting.timeZone,
    idempotency_key: null,
    request_hash: null,
    permission_credential_id: null,
    permission_say: null,
    in_calendar: true,
    sync_mailbox: meeting.mailbox,
    sync_state: 'synchronized',
    room_answer: meeting.answer,
    approval,
    external_approval: externalApproval('not_required', meeting.answer),
    created_at: now,
    updated_at: now,
  })
  await replaceInvitees(trx, id, meeting.invitees)
  await recordHistory(trx, seams, { reservationId: id, ...line })
  return { id, state: settled.state }
}

/** What Outlook says differently from us, and is right about. What is absent stays as it is. */
export type OutsideChanges = {
  startsAt?: Date
  endsAt?: Date
  subject?: string
  isPrivate?: boolean
  invitees?: readonly Guest[]
  answer?: RoomAnswer
  /** For the states that need an explanation; the room's name and what it said. */
  reason?: string
}

type Seen = Pick<ReservationRow, 'id' | 'version' | 'room_id'>

/**
 * Takes changes over, in the transaction of whoever saw them. Dropped when the reservation was changed here since it was compared:
 * then it is compared again.
 *
 * @returns the row as it was, or null when nothing was done; publish after the commit.
 */
export async function takeChanges(
  trx: Database,
  seams: OutsideSeams,
  { seen, changes, line }: { seen: Seen; changes: OutsideChanges; line: Happening },
): Promise<ReservationRow | null> {
  await lockRoom(trx, seen.room_id)
  const row = await lockReservation(trx, seen.id)
  if (row?.version !== seen.version) return null
  const span = { startsAt: changes.startsAt ?? row.starts_at, endsAt: changes.endsAt ?? row.ends_at }
  const moved = span.startsAt.getTime() !== row.starts_at.getTime() || span.endsAt.getTime() !== row.ends_at.getTime()
  const answer = changes.answer ?? row.room_answer
  const approval = moved && row.approval !== 'not_required' ? ('awaiting_approval' as const) : row.approval
  const place = { id: row.id, roomId: row.room_id, span, timeZone: row.time_zone }
  const settled = await settledState(trx, place, { room_answer: answer, approval })
  if (!mayBecome(row.state, settled.state)) return null
  const isContent =
    moved || changes.subject !== undefined || changes.isPrivate !== undefined || changes.invitees !== undefined
  const next = {
    ...settled,
    state_reason: settled.state_reason ?? (settled.state === 'confirmed' ? null : (changes.reason ?? row.state_reason)),
    starts_at: span.startsAt,
    ends_at: span.endsAt,
    subject: changes.subject ?? row.subject,
    is_private: changes.isPrivate ?? row.is_private,
    room_answer: answer,
    approval,
    external_approval: externalApproval(row.external_approval, answer),
    version: row.version + (isContent ? 1 : 0),
    updated_at: seams.now(),
  }
  await updateReservation(trx, row.id, next)
  if (changes.invitees) await replaceInvitees(trx, row.id, changes.invitees)
  if (isContent) await settleProposals(trx, { ...row, ...next }, seams.now())
  await recordHistory(trx, seams, { reservationId: row.id, ...line })
  return row
}

/** Why a reservation ended outside: the state it ends in, and the sentence shown with it. */
export type OutsideEnd = { as: 'declined' | 'cancelled'; reason: string }

/** Ends a reservation because of what happened outside. What still waited to go out is dropped with it. Otherwise as `takeChanges`. */
export async function endOutside(
  trx: Database,
  seams: OutsideSeams,
  { seen, end, line }: { seen: Seen; end: OutsideEnd; line: Happening },
): Promise<ReservationRow | null> {
  await lockRoom(trx, seen.room_id)
  const row = await lockReservation(trx, seen.id)
  if (row?.version !== seen.version || row.state === end.as || !mayBecome(row.state, end.as)) return null
  const now = seams.now()
  const next = {
    state: end.as,
    state_reason: end.reason,
    room_answer: 'declined' as const,
    external_approval: externalApproval(row.external_approval, 'declined'),
    permission_credential_id: null,
    permission_say: null,
    updated_at: now,
  }
  await updateReservation(trx, row.id, next)
  await dropChanges(trx, { reservationId: row.id, now })
  await settleProposals(trx, { ...row, ...next }, now)
  await recordHistory(trx, seams, { reservationId: row.id, ...line })
  return row
}

/** Reservations in conflict whose room has become free then: they are what their room and our approver say. @returns whose. */
export async function settleConflicts(
  trx: Database,
  seams: OutsideSeams,
  roomId: string,
): Promise<{ id: string; userId: string | null }[]> {
  await lockRoom(trx, roomId)
  const changed: { id: string; userId: string | null }[] = []
  for (const row of await selectConflicted(trx, roomId)) {
    const span = { startsAt: row.starts_at, endsAt: row.ends_at }
    const settled = await settledState(trx, { id: row.id, roomId, span, timeZone: row.time_zone }, row)
    if (settled.state === 'conflicted') continue
    await updateReservation(trx, row.id, { ...settled, updated_at: seams.now() })
    const sentence = 'Nobody else holds the room then any more.'
    await recordHistory(trx, seams, { reservationId: row.id, kind: 'conflict_over', sentence })
    changed.push({ id: row.id, userId: row.requested_for_id })
  }
  return changed
}

type Place = { id: string; roomId: string; span: { startsAt: Date; endsAt: Date }; timeZone: string }

/** The state of what holds a room, unless somebody else does. The room's lock keeps others from slipping in between. */
async function settledState(
  trx: Database,
  { id, roomId, span, timeZone }: Place,
  said: Pick<ReservationRow, 'room_answer' | 'approval'>,
): Promise<{ state: ReservationState; state_reason: string | null }> {
  const state = stateFor(said)
  if (!holdsRoom(state)) return { state, state_reason: null }
  const other = (await selectHolders(trx, [roomId], span)).find((holder) => holder.id !== id)
  if (!other) return { state, state_reason: null }
  const hours = hoursIn({ startsAt: other.starts_at, endsAt: other.ends_at }, timeZone)
  const reason = `Outlook has this meeting in the room, and another reservation holds the room from ${hours}. Move one of the two.`
  return { state: 'conflicted', state_reason: reason }
}

function externalApproval(before: ReservationRow['external_approval'], answer: RoomAnswer) {
  if (answer === 'tentative') return 'awaiting_approval' as const
  if (before !== 'awaiting_approval') return before
  return answer === 'none' ? before : answer
}
