import type { z } from 'zod'
import { transaction } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import type { changeReservation, Reservation } from './contract.ts'
import type { ReservationsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { recordHistory } from './history.ts'
import { announce } from './outbox.ts'
import { orRoomTaken } from './overlap.ts'
import { lockReservation, lockRoom, type ReservationRow, replaceInvitees, updateReservation } from './queries.ts'
import { answerFor, assertMayChange, peopleIn, visibleReservation, type WholeReservation } from './reservation.ts'
import { holdsRoom } from './state.ts'
import { dayAndHoursIn } from './wall-time.ts'
import { type TimeSpan, wishedEnd, wishedTime } from './wished-time.ts'

type ChangeInput = z.output<NonNullable<typeof changeReservation.body>>

/**
 * Changes time, subject, notes, privacy or invitees. A new time asks the room again and holds it at once.
 *
 * @throws Refusal `reservations.not_found`, `.may_not_change`, `.changed_by_someone_else` (facts.current), `.room_taken`
 *   (facts.alternatives), and those of the wished time.
 */
export async function change(
  deps: ReservationsDeps,
  actor: Actor,
  { id, input }: { id: string; input: ChangeInput },
): Promise<Reservation> {
  const now = deps.seams.now()
  const before = await visibleReservation(deps.db, actor, id)
  assertMayChange(before, actor, now)
  const next = nextOf(before, input, now)
  const what = whatChanges(before, next)
  const wish = { room: before.room, span: next.span, people: peopleIn(next.invitees), id }
  const store = () => storeChange(deps, actor, { before, next, what, version: input.version })
  if (what.length > 0) await orRoomTaken(deps.db, wish, store)
  else assertVersion(before.row, input.version)
  deps.publish({ topic: 'reservation', id, userId: actor.userId })
  if (isKnownOutside(before.row)) await deps.wake(deps.db, before.row.room_id)
  return answerFor(deps.db, actor, { id, now })
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

type Change = { before: WholeReservation; next: Next; what: string[]; version: number }

async function storeChange(deps: ReservationsDeps, actor: Actor, { before, next, what, version }: Change) {
  const { span, invitees, ...fields } = next
  const now = deps.seams.now()
  await transaction(deps.db, async (trx) => {
    await lockRoom(trx, before.row.room_id)
    const row = await lockReservation(trx, before.row.id)
    if (!row) throw refused('reservations.not_found')
    assertVersion(row, version)
    const moved = isMoved(row, span)
    const asksAgain = moved && isKnownOutside(row)
    await updateReservation(trx, row.id, {
      ...fields,
      ...(asksAgain ? { state: 'awaiting_confirmation', state_reason: null } : {}),
      starts_at: span.startsAt,
      ends_at: span.endsAt,
      version: row.version + 1,
      updated_at: now,
    })
    await replaceInvitees(trx, row.id, invitees)
    const sentence = `${actor.displayName} changed ${what.join(', ')}.`
    await recordHistory(trx, deps.seams, { reservationId: row.id, kind: 'changed', sentence })
    if (!isKnownOutside(row)) return
    const held = { startsAt: row.starts_at, endsAt: row.ends_at }
    const frees = moved && holdsRoom(row.state) ? held : undefined
    await announce(trx, row, { action: 'update', actorId: actor.userId, now, ...(frees ? { frees } : {}) })
  })
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
