import type { Database } from '#db/database.ts'
import { type Actor, hasRole } from '#http/actor.ts'
import { findPersonNames, type PersonName } from '#people/person-name.ts'
import type { Room } from '#rooms/contract.ts'
import { findRoom, findRoomsById } from '#rooms/room.ts'
import { refused } from './errors.ts'
import {
  type ReservationRow,
  selectInCalendar,
  selectInvitees,
  selectReservation,
  selectReservations,
} from './queries.ts'
import type { TimeSpan } from './wished-time.ts'

/** A row with everything it points at. */
export type WholeReservation = {
  row: ReservationRow
  room: Room
  /** Whoever the meeting is for; without an id when they are not known here. */
  requestedFor: Booker
  invitees: { email: string; displayName: string }[]
}

export type Booker = Omit<PersonName, 'id'> & { id: string | null }

/** Puts rows together with their rooms, people and invitees: three statements for any number of rows. */
export async function wholeReservations(db: Database, rows: readonly ReservationRow[]): Promise<WholeReservation[]> {
  const rooms = await findRoomsById(
    db,
    rows.map((row) => row.room_id),
  )
  const people = await findPersonNames(
    db,
    rows.flatMap((row) => row.requested_for_id ?? []),
  )
  const invitees = Map.groupBy(
    await selectInvitees(
      db,
      rows.map((row) => row.id),
    ),
    (invitee) => invitee.reservation_id,
  )
  return rows.map((row) => ({
    row,
    room: present(rooms.get(row.room_id)),
    requestedFor: bookerOf(row, people),
    invitees: (invitees.get(row.id) ?? []).map(({ email, display_name: displayName }) => ({ email, displayName })),
  }))
}

function bookerOf(row: ReservationRow, people: Map<string, PersonName>): Booker {
  if (row.requested_for_id !== null) return present(people.get(row.requested_for_id))
  const email = present(row.organizer_email ?? undefined)
  return { id: null, displayName: row.organizer_name ?? email, email }
}

/** One reservation whole, for whoever keeps calendars in step; undefined when there is none. */
export async function findWholeReservation(db: Database, id: string): Promise<WholeReservation | undefined> {
  const row = await selectReservation(db, id)
  return row && (await wholeReservations(db, [row]))[0]
}

/** Several whole, by id. */
export async function findWholeReservations(
  db: Database,
  ids: readonly string[],
): Promise<Map<string, WholeReservation>> {
  const wholes = await wholeReservations(db, await selectReservations(db, ids))
  return new Map(wholes.map((whole) => [whole.row.id, whole]))
}

/** Reservations of a room that are in a calendar within a span, and hold the room or would. */
export async function reservationsInCalendar(
  db: Database,
  roomId: string,
  span: TimeSpan,
): Promise<WholeReservation[]> {
  return wholeReservations(db, await selectInCalendar(db, roomId, span))
}

/**
 * One reservation as its owner or an administrator may see it.
 * @throws Refusal `reservations.not_found`, also when it is somebody else's: whether it exists is nobody's business.
 */
export async function visibleReservation(db: Database, actor: Actor, id: string): Promise<WholeReservation> {
  const whole = await findWholeReservation(db, id)
  if (!whole || !maySee(actor, whole.row)) throw refused('reservations.not_found')
  return whole
}

function maySee(actor: Actor, row: ReservationRow): boolean {
  if (row.requested_for_id === actor.userId || row.opened_by_id === actor.userId) return true
  return hasRole(actor, 'rsvsync_admin') || (row.approval !== 'not_required' && hasRole(actor, 'approver'))
}

/** How many people a room has to hold: whoever asks, and everybody invited. */
export function peopleIn(invitees: readonly unknown[]): number {
  return invitees.length + 1
}

/** A room that may still be reserved. @throws Refusal `reservations.room_unknown`. */
export async function reservableRoom(db: Database, id: string): Promise<Room> {
  const room = await findRoom(db, id)
  if (!room) throw refused('reservations.room_unknown')
  return room
}

/** Foreign keys promise it. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a reservation points at a room or a person that does not exist')
  return value
}
