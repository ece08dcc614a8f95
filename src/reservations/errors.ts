import { type ErrorList, refusals } from '#kit/refusal.ts'

export const reservationErrors = {
  'reservations.not_found': {
    status: 404,
    say: 'There is no such reservation among yours. Look in My reservations.',
  },
  'reservations.room_unknown': { status: 404, say: 'There is no such room any more. Choose another one.' },
  'reservations.room_taken': { status: 409, say: 'The room is taken at that time. Choose another time or room.' },
  'reservations.in_the_past': { status: 422, say: 'That time has passed. Choose a start that is still to come.' },
  'reservations.ends_before_start': { status: 422, say: 'It ends before it starts. Choose an end after the start.' },
  'reservations.too_long': {
    status: 422,
    say: 'A room can be reserved for at most 24 hours. Make it shorter, or make two reservations.',
  },
  'reservations.too_far_ahead': {
    status: 422,
    say: 'Rooms can be reserved at most 180 days ahead. Choose an earlier day, or come back later.',
  },
  'reservations.key_reused': {
    status: 409,
    say: 'This idempotency key was used for another request. Use a new key for a new reservation.',
  },
  'reservations.no_permission_possible': {
    status: 409,
    say: 'Anteroom cannot use your calendar. Ask an administrator to finish the set-up.',
  },
  'reservations.not_allowed_in_mode': {
    status: 409,
    say: 'The synchronization mode of this room does not allow it. Reserve it in the portal, for yourself.',
  },
  'reservations.person_unknown': {
    status: 422,
    say: 'There is no such person here. Choose somebody from the directory.',
  },
  'reservations.source_not_allowed': {
    status: 422,
    say: 'A program with an API token cannot say that a person at a screen asked. Leave the source out, or say panel.',
  },
  'reservations.nothing_to_approve': {
    status: 409,
    say: 'There is nothing to approve any more: it was settled meanwhile. Look at the reservation.',
  },
  'reservations.may_not_change': { status: 409, say: 'This reservation cannot be changed any more.' },
  'reservations.changed_by_someone_else': {
    status: 409,
    say: 'It was changed since you opened it. Look at the current version and change it again.',
  },
} as const satisfies ErrorList

export const refused = refusals(reservationErrors)
