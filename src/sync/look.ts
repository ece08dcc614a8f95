import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { GraphEvent } from '#graph/event.ts'
import type { GraphOutcome } from '#graph/graph-problem.ts'
import type { ReservationState } from '#reservations/contract.ts'
import { isBeingChanged } from '#reservations/outbox.ts'
import { findWholeReservation, type WholeReservation } from '#reservations/reservation.ts'
import { noteInCalendar, settle } from '#reservations/settle.ts'
import { type RoomAnswer, roomAnswer } from './answer.ts'
import { explainDecline } from './decline.ts'
import type { SyncDeps } from './deps.ts'
import { lookSoon } from './jobs.ts'
import { type LinkRow, selectLink, updateLink, updateLinkAsRead } from './link-queries.ts'
import { nextLookMs } from './next-look.ts'
import { type Organizer, organizerFor } from './organizer.ts'
import { deletedInOutlook } from './record.ts'
import { readEvent } from './write-event.ts'

/** When the event cannot be read for now: a permission that is gone comes back by a person, not by asking. */
const lookAgainAfterTroubleMs = 60_000

/**
 * Looks at a reservation's event: what the room has answered, and whether the meeting is still there. Puts the reservation in
 * that state and decides when to look again.
 */
export async function look(deps: SyncDeps, reservationId: string): Promise<void> {
  const link = await selectLink(deps.db, reservationId)
  if (!link?.event_id || !link.next_look_at) return
  const dueInMs = link.next_look_at.getTime() - deps.seams.now().getTime()
  if (dueInMs > 0) return lookSoon(deps, reservationId, dueInMs)
  // What is read now may be the answer to what it was before. The change asks for a look of its own when it is out.
  if (await isBeingChanged(deps.db, reservationId)) return
  const whole = await findWholeReservation(deps.db, reservationId)
  if (!whole) return
  const organizer = await organizerFor(deps, whole.row.requested_for_id ?? '')
  if (organizer.is !== 'ready') return lookAgain(deps, reservationId, lookAgainAfterTroubleMs)
  await conclude(deps, { whole, link, organizer }, await readEvent({ organizer, whole }, link.event_id))
}

type Looked = { whole: WholeReservation; link: LinkRow; organizer: Organizer }

async function conclude(deps: SyncDeps, looked: Looked, read: GraphOutcome<GraphEvent | null>): Promise<void> {
  const { whole, link } = looked
  if (read.is === 'problem') return lookAgain(deps, whole.row.id, read.retryAfterMs ?? lookAgainAfterTroubleMs)
  const answer = read.value ? roomAnswer(read.value, whole.room.mailbox) : 'event_gone'
  const verdict = await verdictOn(deps.db, looked, answer)
  const state = verdict?.to ?? whole.row.state
  const now = deps.seams.now()
  const waitMs = nextLookMs(state, { askedAt: link.asked_at ?? now, endsAt: whole.row.ends_at, now })
  const changed = await transaction(deps.db, async (trx) => {
    const values = {
      room_answer: answer,
      ...(read.value ? { event_id: read.value.id, etag: read.value['@odata.etag'] } : {}),
      next_look_at: waitMs === null ? null : new Date(now.getTime() + waitMs),
      updated_at: now,
    }
    // A change that went out meanwhile has asked for a look of its own.
    if (!(await updateLinkAsRead(trx, link, values))) return false
    return verdict ? settleLooked(deps, trx, { looked, verdict, requestId: read.requestId }) : false
  })
  if (changed) deps.publish({ topic: 'reservation', id: whole.row.id, userId: whole.row.requested_for_id })
  if (waitMs !== null) await lookSoon(deps, whole.row.id, waitMs)
}

/** What an answer makes of a reservation; null when it stays as it is. */
type Verdict = {
  to: ReservationState
  reason: string | null
  kind: string
  sentence: string
  details?: Record<string, unknown>
  gone?: boolean
}

async function verdictOn(
  db: Database,
  { whole, organizer }: Looked,
  answer: RoomAnswer | 'event_gone',
): Promise<Verdict | null> {
  const { room } = whole
  switch (answer) {
    case 'silent':
      return null
    case 'accepted':
      return { to: 'confirmed', reason: null, kind: 'room_accepted', sentence: `${room.name} accepted.` }
    case 'tentative': {
      const sentence = `${room.name} has passed the request on to the people who look after it.`
      return { to: 'awaiting_approval', reason: sentence, kind: 'room_tentative', sentence }
    }
    case 'declined': {
      const { sentence, reason, takenOutside } = await explainDecline(db, { whole, organizer })
      return { to: 'declined', reason, kind: 'room_declined', sentence, details: { takenOutside } }
    }
    case 'room_removed': {
      const sentence = `${room.name} was taken out of the meeting in Outlook, so the room was given back.`
      return { to: 'declined', reason: sentence, kind: 'room_removed', sentence }
    }
    case 'event_cancelled':
    case 'event_gone': {
      const sentence = deletedInOutlook
      return { to: 'cancelled', reason: sentence, kind: 'deleted_in_outlook', sentence, gone: true }
    }
  }
}

async function settleLooked(
  deps: SyncDeps,
  trx: Database,
  { looked, verdict, requestId }: { looked: Looked; verdict: Verdict; requestId: string | null },
): Promise<boolean> {
  const { whole, organizer } = looked
  const { to, reason, kind, sentence, details } = verdict
  if (to === whole.row.state) return false
  const line = { kind, sentence, identity: organizer.identity, requestId, details }
  const settled = await settle(trx, deps.seams, { seen: whole.row, to, reason, line })
  if (settled && verdict.gone) await noteInCalendar(trx, whole.row.id, false)
  return settled
}

async function lookAgain(deps: SyncDeps, reservationId: string, afterMs: number): Promise<void> {
  const nextLookAt = new Date(deps.seams.now().getTime() + afterMs)
  await updateLink(deps.db, reservationId, { next_look_at: nextLookAt })
  await lookSoon(deps, reservationId, afterMs)
}
