import type { Reservation } from '#reservations/contract.ts'
import { dateOf } from '../rooms/wall-time.ts'

export type ReservationDay = { date: string; reservations: Reservation[] }

/** Reservations under the day they begin on, each by the clock of its own building, in the order they came. */
export function reservationsByDay(reservations: readonly Reservation[]): ReservationDay[] {
  const days = Map.groupBy(reservations, ({ startsAt, timeZone }) => dateOf(Temporal.Instant.from(startsAt), timeZone))
  return [...days].map(([date, onDay]) => ({ date, reservations: onDay }))
}
