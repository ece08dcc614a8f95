import type { Reservation } from '#reservations/contract.ts'
import { whoseCalendar } from './whose-calendar.ts'

/** What cancelling does, before it is done. */
export function cancelWords(reservation: Reservation, readerId: string): string {
  const { room, inOutlook, invitees, changesAreProposed, requestedFor } = reservation
  if (changesAreProposed !== null)
    return `Only ${requestedFor.displayName} can cancel this meeting. They are asked by mail, at ${requestedFor.email}; until they cancel it in Outlook, it stays as it is.`
  if (!inOutlook) return `${room.name} becomes free for others. Nothing is in Outlook yet, so nobody is told.`
  const invited =
    invitees.length === 1
      ? 'the person who is invited is told'
      : `the ${invitees.length} people who are invited are told`
  const told = invitees.length === 0 ? '' : `, and ${invited}`
  return `The meeting is removed from ${whoseCalendar(reservation, readerId)}${told}. ${room.name} becomes free for others.`
}
