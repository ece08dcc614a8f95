import { findTimeZone } from '#people/time-zone.ts'
import { readProperty } from '#providers/property.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import type { SyncDeps } from './deps.ts'

/**
 * The reservation as its event is to be written: in the zone of its building, or, where the property says so, of the person whose meeting
 * it is and whose zone is known. The moment is the same in either.
 */
export async function inMeetingZone({ db }: Pick<SyncDeps, 'db'>, whole: WholeReservation): Promise<WholeReservation> {
  const { id } = whole.requestedFor
  if (id === null || !(await readProperty(db, 'sync.use_persons_time_zone'))) return whole
  const zone = await findTimeZone(db, id)
  return zone === null ? whole : { ...whole, row: { ...whole.row, time_zone: zone } }
}
