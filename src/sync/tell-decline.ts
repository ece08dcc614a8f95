import type { Database } from '#db/database.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import { dayAndHoursIn } from '#reservations/wall-time.ts'
import type { SyncDeps } from './deps.ts'

/**
 * Posts a decline to whoever reserved here, in the transaction that takes it over: with its reason and what is free instead. Exchange tells
 * those who invited the room in Outlook itself.
 */
export async function tellDecline(
  trx: Database,
  { post }: Pick<SyncDeps, 'post'>,
  { whole, reason }: { whole: WholeReservation; reason: string },
): Promise<void> {
  const { row, room, requestedFor } = whole
  if (row.source === 'outlook') return
  const when = dayAndHoursIn({ startsAt: row.starts_at, endsAt: row.ends_at }, row.time_zone)
  const text = [`“${row.subject}”, ${when}:`, '', reason, ''].join('\n')
  const to = { name: requestedFor.displayName, email: requestedFor.email }
  await post(trx, { to, subject: `${room.name} declined: ${row.subject}`, text }, 'sync.decline')
}
