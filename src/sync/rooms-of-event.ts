import type { Database } from '#db/database.ts'
import { findWholeReservations } from '#reservations/reservation.ts'
import { selectReservationsOfEvent } from './link-queries.ts'

/** The rooms that an event of the delegated mailbox holds or has held: a change of it is a reason to read those, and no other. */
export async function roomsOfEvent(db: Database, eventId: string): Promise<string[]> {
  const wholes = await findWholeReservations(db, await selectReservationsOfEvent(db, eventId))
  return [...new Set([...wholes.values()].map(({ room }) => room.id))]
}
