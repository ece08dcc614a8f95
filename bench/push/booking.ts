import { book } from '#reservations/contract.ts'
import type { Person } from '../../test/support/person.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** A booking that was answered: from this moment the person believes it. */
export type Acknowledged = { reservationId: string; subject: string; acknowledgedAt: number }

/** Where and when the nth booking of a measurement is: every room an hour after the other, eight hours a day, from the day after tomorrow. */
export function placeOf(n: number, roomIds: readonly string[]) {
  const slot = Math.floor(n / roomIds.length)
  const firstDay = (Math.floor(Date.now() / dayMs) + 2) * dayMs
  const startsAt = firstDay + Math.floor(slot / 8) * dayMs + (8 + (slot % 8)) * hourMs
  return {
    roomId: roomIds[n % roomIds.length] ?? '',
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(startsAt + hourMs).toISOString(),
  }
}

/** Books as one person, for another where it says so. The clock is this machine's, as the tenant's and the service's are. */
export async function bookOne(
  person: Person,
  order: ReturnType<typeof placeOf> & { subject: string; requestedForId?: string },
): Promise<Acknowledged> {
  const { id } = await person.call(book, { body: order })
  return { reservationId: id, subject: order.subject, acknowledgedAt: Date.now() }
}
