import type { WholeReservation } from '#reservations/reservation.ts'
import { dayAndHoursIn } from '#reservations/wall-time.ts'
import type { SyncDeps } from './deps.ts'

/**
 * Mails a decline to whoever reserved here, at once: with its reason and what is free instead. Exchange tells those who invited the room in
 * Outlook itself.
 */
export async function tellDecline(deps: SyncDeps, whole: WholeReservation, reason: string): Promise<void> {
  const { row, room, requestedFor } = whole
  if (row.source === 'outlook') return
  const when = dayAndHoursIn({ startsAt: row.starts_at, endsAt: row.ends_at }, row.time_zone)
  const text = [`“${row.subject}”, ${when}:`, '', reason, ''].join('\n')
  const to = { name: requestedFor.displayName, email: requestedFor.email }
  try {
    await deps.mailer.send({ to, subject: `${room.name} declined: ${row.subject}`, text })
  } catch (problem) {
    deps.log.warn({ reservationId: row.id, problem: String(problem) }, 'sync: a decline could not be mailed')
  }
}
