import type { ReservationState } from './contract.ts'
import type { ReservationRow } from './queries.ts'

/*
 * draft                  Everything is typed, but the person has not given permission for their calendar (or took it back before
 *                        anything was written). Holds no room. Goes on by itself once the permission is there.
 * awaiting_confirmation  Ours, and the room is held against everybody else here. The room has been or will be asked.
 * awaiting_approval      The room said "tentative": a person who looks after it decides.
 * confirmed              The room accepted.
 * declined               The room, or whoever looks after it, said no. Holds no room; the meeting stays in the person's
 *                        calendar until they cancel it or choose another time, which asks the room again.
 * conflicted             Outlook has it, and somebody else holds the room then. Holds no room itself; settled when one of the two goes.
 * rejected               Our own approver said no. The room was freed; the person's meeting stays, with a note.
 * expired                Nobody confirmed it in time. The room was freed.
 * failed                 Microsoft refused for good. Holds no room. Can be submitted again when the reason is gone.
 * cancelled              The end, whoever caused it; the reason says who.
 *
 * A new time asks the room again, so a room may also change its mind: confirmed can become declined.
 */
const next = {
  draft: ['awaiting_confirmation', 'confirmed', 'cancelled'],
  awaiting_confirmation: [
    'awaiting_approval',
    'confirmed',
    'conflicted',
    'declined',
    'rejected',
    'expired',
    'failed',
    'cancelled',
  ],
  awaiting_approval: [
    'awaiting_confirmation',
    'confirmed',
    'conflicted',
    'declined',
    'rejected',
    'expired',
    'failed',
    'cancelled',
  ],
  confirmed: [
    'awaiting_confirmation',
    'awaiting_approval',
    'conflicted',
    'declined',
    'rejected',
    'failed',
    'cancelled',
  ],
  conflicted: [
    'awaiting_confirmation',
    'awaiting_approval',
    'confirmed',
    'declined',
    'rejected',
    'failed',
    'cancelled',
  ],
  declined: ['awaiting_confirmation', 'awaiting_approval', 'confirmed', 'conflicted', 'cancelled'],
  rejected: ['awaiting_confirmation', 'awaiting_approval', 'conflicted', 'cancelled'],
  expired: ['awaiting_confirmation', 'awaiting_approval', 'confirmed', 'conflicted', 'declined', 'cancelled'],
  failed: ['awaiting_confirmation', 'cancelled'],
  cancelled: [],
} as const satisfies Record<ReservationState, readonly ReservationState[]>

/** Staying where one is is always allowed. */
export function mayBecome(from: ReservationState, to: ReservationState): boolean {
  const reachable: readonly ReservationState[] = next[from]
  return from === to || reachable.includes(to)
}

/** These keep everybody else out of the room. The database has the same list in `reservations_no_overlap`. */
export const holdingStates = ['awaiting_confirmation', 'awaiting_approval', 'confirmed'] as const

export function holdsRoom(state: ReservationState): boolean {
  return (holdingStates as readonly ReservationState[]).includes(state)
}

/**
 * The state that the room's answer and our own approval come to: both have to say yes. A room that has not answered is held here all the
 * same.
 */
export function stateFor({
  room_answer: answer,
  approval,
}: Pick<ReservationRow, 'room_answer' | 'approval'>): ReservationState {
  if (approval === 'rejected') return 'rejected'
  if (answer === 'declined') return 'declined'
  if (answer === 'none') return 'awaiting_confirmation'
  return answer === 'tentative' || approval === 'awaiting_approval' ? 'awaiting_approval' : 'confirmed'
}
