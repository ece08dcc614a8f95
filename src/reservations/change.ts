import type { z } from 'zod'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import type { changeReservation, Reservation } from './contract.ts'
import type { ReservationsDeps, Rule } from './deps.ts'
import { answerFor, ruleFor } from './describe.ts'
import { refused } from './errors.ts'
import { recordHistory } from './history.ts'
import { announce } from './outbox.ts'
import { orRoomTaken } from './overlap.ts'
import { type Proposed, propose, sayProposal } from './proposal.ts'
import { lockReservation, lockRoom, type ReservationRow, replaceInvitees, updateReservation } from './queries.ts'
import { peopleIn, visibleReservation, type WholeReservation } from './reservation.ts'
import { sourceOf } from './source.ts'
import { holdsRoom, stateFor } from './state.ts'
import { dayAndHoursIn } from './wall-time.ts'
import { type TimeSpan, wishedEnd, wishedTime } from './wished-time.ts'

type ChangeInput = z.output<NonNullable<typeof changeReservation.body>>

/**
 * Changes time, subject, notes, privacy or invitees. A new time asks the room again and holds it at once. Where the person may not
 * write the meeting, the change is proposed to its organizer.
 *
 * @throws Refusal `reservations.not_found`, `.may_not_change`, `.not_allowed_in_mode`, `.changed_by_someone_else` (facts.current),
 *   `.room_taken` (facts.alternatives), and those of the wished time.
 */
export async function change(
  deps: ReservationsDeps,
  actor: Actor,
  { id, input }: { id: string; input: ChangeInput },
): Promise<Reservation> {
  const before = await visibleReservation(deps.db, actor, id)
  const rule = await ruleFor(deps, actor, { whole: before, action: 'update' })
  const next = nextOf(before, input, deps.seams.now())
  const what = whatChanges(before, next)
  if (what.length === 0) assertVersion(before.row, input.version)
  else if (rule.is === 'proposed') await proposeChange(deps, actor, { before, next, because: rule.say })
  else await makeChange(deps, actor, { before, next, what, version: input.version, rule })
  return answerFor(deps, actor, id)
}

type Next = Pick<ReservationRow, 'subject' | 'notes' | 'is_private'> & {
  span: TimeSpan
  invitees: WholeReservation['invitees']
}

function nextOf({ row, invitees }: WholeReservation, input: ChangeInput, now: Date): Next {
  const startsAt = input.startsAt === undefined ? row.starts_at : new Date(input.startsAt)
  const endsAt = input.endsAt === undefined ? row.ends_at : new Date(input.endsAt)
  return {
    subject: input.subject ?? row.subject,
    notes: input.notes ?? row.notes,
    is_private: input.isPrivate ?? row.is_private,
    span: nextSpan({ startsAt, endsAt }, row, now),
    invitees: input.invitees ?? invitees,
  }
}

function nextSpan(span: TimeSpan, row: ReservationRow, now: Date): TimeSpan {
  if (!isMoved(row, span)) return span
  if (span.startsAt.getTime() === row.starts_at.getTime()) return wishedEnd(span, now)
  return wishedTime({ startsAt: span.startsAt.toISOString(), endsAt: span.endsAt.toISOString() }, now)
}

/** In the words of the timeline. */
function whatChanges({ row, room, invitees }: WholeReservation, next: Next): string[] {
  const what: string[] = []
  if (isMoved(row, next.span)) what.push(`time to ${dayAndHoursIn(next.span, room.building.timeZone)}`)
  if (next.subject !== row.subject) what.push(`subject to “${next.subject}”`)
  if (next.notes !== row.notes) what.push('notes')
  if (next.is_private !== row.is_private) what.push(next.is_private ? 'privacy to private' : 'privacy to visible')
  if (addresses(next.invitees) !== addresses(invitees)) what.push('invitees')
  return what
}

type Change = {
  before: WholeReservation
  next: Next
  what: string[]
  version: number
  rule: Extract<Rule, { is: 'allowed' | 'local' }>
}

async function makeChange(deps: ReservationsDeps, actor: Actor, change: Change): Promise<void> {
  const { before, next, rule } = change
  const { row, room } = before
  const wish = { room, span: next.span, people: peopleIn(next.invitees), id: row.id }
  await orRoomTaken(deps.db, wish, () => storeChange(deps, actor, change))
  deps.publish({ topic: 'reservation', id: row.id, userId: row.requested_for_id })
  if (rule.is === 'allowed' && isKnownOutside(row)) await deps.wake(deps.db, room.id)
}

async function storeChange(deps: ReservationsDeps, actor: Actor, { before, next, what, version, rule }: Change) {
  const { span, invitees, ...fields } = next
  const now = deps.seams.now()
  await transaction(deps.db, async (trx) => {
    await lockRoom(trx, before.row.room_id)
    const row = await lockReservation(trx, before.row.id)
    if (!row) throw refused('reservations.not_found')
    assertVersion(row, version)
    const moved = isMoved(row, span)
    const isOut = rule.is === 'allowed' && isKnownOutside(row)
    await updateReservation(trx, row.id, {
      ...fields,
      ...(moved && isKnownOutside(row) ? askedAgain(row) : {}),
      ...(isOut ? { sync_state: 'sync_enqueued' as const } : {}),
      starts_at: span.startsAt,
      ends_at: span.endsAt,
      version: row.version + 1,
      updated_at: now,
    })
    await replaceInvitees(trx, row.id, invitees)
    const sentence = `${actor.displayName} changed ${what.join(', ')}.`
    await recordHistory(trx, deps.seams, { reservationId: row.id, kind: 'changed', sentence })
    if (!isOut) return
    const held = { startsAt: row.starts_at, endsAt: row.ends_at }
    const frees = moved && holdsRoom(row.state) ? held : undefined
    const source = sourceOf(actor)
    await announce(trx, row, { action: 'update', actorId: actor.userId, source, now, ...(frees ? { frees } : {}) })
  })
}

/** A new time asks everybody again: the room, and whoever of ours has approved the old one. */
function askedAgain(row: ReservationRow) {
  const room_answer = row.sync_mailbox === null ? ('accepted' as const) : ('none' as const)
  const approval = row.approval === 'not_required' ? row.approval : ('awaiting_approval' as const)
  return { room_answer, approval, state: stateFor({ room_answer, approval }), state_reason: null }
}

type Proposing = { before: WholeReservation; next: Next; because: string }

async function proposeChange(deps: ReservationsDeps, actor: Actor, { before, next, because }: Proposing) {
  const what = proposedOf(before.row, next)
  // Notes and guests belong to whoever organises; there is nothing sensible to mail about them.
  if (Object.keys(what).length === 0) throw refused('reservations.not_allowed_in_mode', { say: because })
  const sentence = sayProposal(actor, { what, span: next.span, timeZone: before.row.time_zone })
  await propose(deps, actor, { whole: before, what, sentence, because })
}

function proposedOf(row: ReservationRow, next: Next): Proposed {
  const { span, subject, is_private: isPrivate } = next
  return {
    ...(isMoved(row, span) ? { startsAt: span.startsAt.toISOString(), endsAt: span.endsAt.toISOString() } : {}),
    ...(subject === row.subject ? {} : { subject }),
    ...(isPrivate === row.is_private ? {} : { isPrivate }),
  }
}

/** Whether its calendar has, or may have, heard of it. */
function isKnownOutside(row: ReservationRow): boolean {
  return row.state !== 'draft' && row.state !== 'failed'
}

function assertVersion(row: ReservationRow, version: number): void {
  if (row.version === version) return
  const facts = { current: row.version, updatedAt: row.updated_at.toISOString() }
  throw refused('reservations.changed_by_someone_else', { facts })
}

function isMoved(row: ReservationRow, span: TimeSpan): boolean {
  return row.starts_at.getTime() !== span.startsAt.getTime() || row.ends_at.getTime() !== span.endsAt.getTime()
}

function addresses(invitees: WholeReservation['invitees']): string {
  return invitees
    .map(({ email }) => email.toLowerCase())
    .sort()
    .join()
}
