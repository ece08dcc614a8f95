import type { ReservationState } from './contract.ts'

/*
 * draft                  Everything is typed, but the person has not given permission for their calendar (or took it back before
 *                        anything was written). Holds no room. Goes on by itself once the permission is there.
 * awaiting_confirmation  Ours, and the room is held against everybody else here. The room has been or will be asked.
 * awaiting_approval      The room said "tentative": a person who looks after it decides.
 * confirmed              The room accepted.
 * declined               The room, or whoever looks after it, said no. Holds no room; the meeting stays in the person's
 *                        calendar until they cancel it or choose another time, which asks the room again.
 * failed                 Microsoft refused for good. Holds no room. Can be submitted again when the reason is gone.
 * cancelled              The end, whoever caused it; the reason says who.
 *
 * A new time asks the room again, so a room may also change its mind: confirmed can become declined.
 */
const next = {
  draft: ['awaiting_confirmation', 'cancelled'],
  awaiting_confirmation: ['awaiting_approval', 'confirmed', 'declined', 'failed', 'cancelled'],
  awaiting_approval: ['awaiting_confirmation', 'confirmed', 'declined', 'failed', 'cancelled'],
  confirmed: ['awaiting_confirmation', 'awaiting_approval', 'declined', 'failed', 'cancelled'],
  declined: ['awaiting_confirmation', 'cancelled'],
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
