import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import { assertFence, type Lease } from '#jobs/lease.ts'
import { announce } from '#reservations/outbox.ts'
import { endOutside, takeChanges } from '#reservations/outside.ts'
import { noteSync } from '#reservations/settle.ts'
import { notePlanned, type RoomEvent } from '#watch/room-event.ts'
import { insertDecision } from './decision-queries.ts'
import { explainDecline } from './decline.ts'
import type { SyncDeps } from './deps.ts'
import { updateLink } from './link-queries.ts'
import { baseOf, type Meeting, oursOf } from './meeting.ts'
import { type Facts, type Plan, plan } from './plan.ts'
import { kindOfEnd, sayEnd, sayTake } from './say.ts'
import type { Seen } from './seen.ts'
import { overruleSyncEvents } from './sync-event.ts'
import { tellDecline } from './tell-decline.ts'

/** A meeting that was looked at: what was seen, by whom, and the lane that it is settled in. */
export type Look = {
  meeting: Meeting
  seen: Seen
  facts: Facts
  lease: Lease
  /** Whose permission it was seen with, and Graph's id of that request. */
  identity: string | null
  requestId: string | null
  /** The row of the mirror that made us look. */
  roomEvent: RoomEvent | null
  /** Who can be asked why a room declined. */
  asker: Parameters<typeof explainDecline>[1]['asker']
}

/**
 * Compares a meeting with its reservation and carries the decision out, with link, timeline and the reason in one transaction that a
 * slower holder of the lane cannot commit. When the reservation was changed here meanwhile nothing is done, and it is compared again.
 *
 * @returns the plan, and whether it was carried out.
 */
export async function reconcile(deps: SyncDeps, look: Look): Promise<{ plan: Plan; done: boolean }> {
  const ours = await oursOf(deps.db, look.meeting)
  const decided = plan({ ours, seen: look.seen, base: baseOf(look.meeting), facts: look.facts })
  if (decided.do === 'wait' || decided.do === 'adopt') return { plan: decided, done: false }
  const end = decided.do === 'end' ? await describeEnd(deps, look, decided) : null
  const done = await transaction(deps.db, async (trx) => {
    await assertFence(trx, look.lease)
    const carriedOut = await carryOut(trx, deps, { look, decided, end })
    if (!carriedOut) return false
    await note(trx, deps, { look, decided })
    if (end?.details !== undefined) await tellDecline(trx, deps, { whole: look.meeting.whole, reason: end.reason })
    return true
  })
  if (done && decided.do !== 'nothing') announceOutcome(deps, look)
  return { plan: decided, done }
}

type End = { reason: string; sentence: string; details?: Record<string, unknown> }

/** A decline is explained as well as it can be: what the room says, and what is free instead. */
async function describeEnd(
  deps: SyncDeps,
  { meeting: { whole }, asker }: Look,
  decided: Extract<Plan, { do: 'end' }>,
): Promise<End> {
  if (decided.as === 'cancelled') {
    const sentence = sayEnd(whole, decided)
    return { reason: sentence, sentence }
  }
  const said = decided.why === 'released_by_room' ? sayEnd(whole, decided) : null
  const { sentence, reason, takenOutside } = await explainDecline(deps.db, { whole, asker, said })
  return { reason, sentence, details: { takenOutside } }
}

type CarryOut = { look: Look; decided: Plan; end: End | null }

async function carryOut(trx: Database, deps: SyncDeps, { look, decided, end }: CarryOut): Promise<boolean> {
  const { meeting, identity, requestId } = look
  const { row } = meeting.whole
  const now = deps.seams.now()
  if (decided.do === 'take') {
    const said = sayTake(meeting.whole, decided)
    const line = { ...said, identity, requestId, details: { why: [decided.why, ...decided.also] } }
    const changes = { ...decided.changes, ...(decided.changes.answer ? { reason: said.sentence } : {}) }
    const isQuiet = decided.why === 'agreed_anyway'
    if (!isQuiet && (await takeChanges(trx, deps.seams, { seen: row, changes, line })) === null) return false
    await updateLink(trx, row.id, {
      ...(decided.agreed ? { digest: JSON.stringify(decided.agreed) } : {}),
      ended_by: null,
      ...answerNoted(decided.changes.answer),
      updated_at: now,
    })
    return true
  }
  if (decided.do === 'end' && end !== null) {
    const line = {
      kind: kindOfEnd(decided.why),
      sentence: end.sentence,
      identity,
      requestId,
      details: end.details ?? {},
    }
    const ended = { as: decided.as, reason: end.reason }
    if ((await endOutside(trx, deps.seams, { seen: row, end: ended, line })) === null) return false
    await overruleSyncEvents(trx, row.id, now)
    await updateLink(trx, row.id, { ended_by: 'outlook', next_look_at: null, attempting_since: null, updated_at: now })
    await noteSync(trx, row.id, { inCalendar: decided.as === 'declined', syncState: 'synchronized' })
    return true
  }
  if (decided.do === 'release') await announce(trx, row, { action: 'release', actorId: null, source: 'system', now })
  return true
}

function answerNoted(answer: string | undefined) {
  return answer === undefined ? {} : { room_answer: answer }
}

async function note(trx: Database, deps: SyncDeps, { look, decided }: { look: Look; decided: Plan }): Promise<void> {
  const { meeting, roomEvent } = look
  const reservationId = meeting.whole.row.id
  const now = deps.seams.now()
  if (roomEvent) {
    const againInMs = decided.do === 'take' || decided.do === 'nothing' ? decided.lookAgainInMs : undefined
    const againAt = againInMs === undefined ? null : new Date(now.getTime() + againInMs)
    await notePlanned(trx, roomEvent, { decision: decided.do, why: decided.why, reservationId, now, againAt })
  }
  if (decided.do === 'nothing' || decided.do === 'wait') return
  await insertDecision(trx, {
    at: now,
    room_id: meeting.whole.row.room_id,
    reservation_id: reservationId,
    room_event_id: roomEvent?.id ?? null,
    decision: decided.do,
    why: decided.why,
    details: decided.do === 'take' ? { also: decided.also } : {},
  })
}

function announceOutcome({ publish }: SyncDeps, { meeting: { whole } }: Look): void {
  publish({ topic: 'reservation', id: whole.row.id, userId: whole.row.requested_for_id })
  publish({ topic: 'sync', id: whole.row.id, userId: null })
}
