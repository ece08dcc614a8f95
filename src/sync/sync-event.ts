import type { Database } from '#db/database.ts'
import type { GraphProblem } from '#graph/graph-problem.ts'
import type { OutboxEntry } from '#reservations/outbox.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import type { SyncDeps } from './deps.ts'
import type { SubState } from './sync-event.contract.ts'
import { type SyncEventRow, updateOpenSyncEvents, updateSyncEvent, upsertSyncEvent } from './sync-event-queries.ts'

/** What was sent to Graph and what it said, in the shapes that people read: no token and no header is in either. */
export type Exchange = {
  payload?: Record<string, unknown> | null
  response?: Record<string, unknown> | null
  difference?: Record<string, unknown> | null
}

/** Says that a change is being carried out now. Outside of any transaction: it is shown while it happens. */
export async function beginSyncEvent(
  { db, seams }: Pick<SyncDeps, 'db' | 'seams'>,
  { entry, whole, providerId }: { entry: OutboxEntry; whole: WholeReservation; providerId: string | null },
): Promise<void> {
  const now = seams.now()
  await upsertSyncEvent(db, {
    seq: entry.seq,
    reservation_id: entry.reservationId,
    room_id: whole.row.room_id,
    provider_id: providerId,
    action: entry.action,
    state: 'processing',
    sub_state: null,
    payload: payloadOf(whole),
    created_at: entry.createdAt,
    updated_at: now,
  })
}

export type Outcome = {
  subState: SubState
  acting?: { identity: string; actsAs: SyncEventRow['acts_as']; mailbox: string } | null
  requestId?: string | null
  problem?: Pick<GraphProblem, 'code'> & { say: string }
  exchange?: Exchange
}

/** What still had to go out was dropped, because Outlook said otherwise. In the transaction of what it said. */
export function overruleSyncEvents(trx: Database, reservationId: string, now: Date): Promise<void> {
  const open = { reservationId, open: [...stillOpen] }
  const values = { state: 'processed' as const, sub_state: 'overruled', updated_at: now, processed_at: now }
  return updateOpenSyncEvents(trx, open, { ...values, last_error_code: null, last_error_say: null })
}

const stillOpen: ReadonlySet<SubState> = new Set(['waits_for_permission', 'waits_for_configuration', 'later'])

/** What came of it, in the transaction of what it did. What is to be tried again is an error until it works. */
export async function endSyncEvent(
  trx: Database,
  { seq, now }: { seq: string; now: Date },
  { subState, acting, requestId, problem, exchange = {} }: Outcome,
): Promise<void> {
  const isOpen = stillOpen.has(subState)
  await updateSyncEvent(trx, seq, {
    state: isOpen || subState === 'refused' ? 'error' : 'processed',
    sub_state: subState,
    ...(acting ? { mailbox: acting.mailbox, acts_as: acting.actsAs, identity: acting.identity } : {}),
    ...('payload' in exchange ? { provider_payload: exchange.payload ?? null } : {}),
    ...('response' in exchange ? { response: exchange.response ?? null } : {}),
    ...('difference' in exchange ? { difference: exchange.difference ?? null } : {}),
    request_id: requestId ?? null,
    last_error_code: problem?.code ?? null,
    last_error_say: problem?.say ?? null,
    updated_at: now,
    processed_at: isOpen ? null : now,
  })
}

/** The reservation in the words of our own API. */
function payloadOf({ row, room, requestedFor, invitees }: WholeReservation): Record<string, unknown> {
  return {
    reservationId: row.id,
    state: row.state,
    room: { name: room.name, mailbox: room.mailbox },
    subject: row.subject,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    timeZone: row.time_zone,
    isPrivate: row.is_private,
    requestedFor: requestedFor.email,
    invitees: invitees.map(({ email }) => email),
    organizer: row.sync_mailbox,
    generation: row.generation,
    version: row.version,
  }
}
