import type { z } from 'zod'
import { type Actor, hasRole } from '#http/actor.ts'
import { refused as refusedByHttp } from '#http/errors.ts'
import { findRooms } from '#rooms/room.ts'
import { findAlternatives } from './alternatives.ts'
import type { HistoryEntry, listReservations, readReservation } from './contract.ts'
import type { ReservationsDeps } from './deps.ts'
import { answerFor, describeAll } from './describe.ts'
import { readHistory } from './history.ts'
import { type PageWish, selectPage } from './queries.ts'
import { peopleIn, visibleReservation, wholeReservations } from './reservation.ts'

type Query = z.output<NonNullable<typeof listReservations.query>>

/** @throws Refusal `http.role_required` when somebody without the role asks for everybody's. */
export async function listPage(
  deps: ReservationsDeps,
  actor: Actor,
  query: Query,
): Promise<z.input<typeof listReservations.answer>> {
  const { db, seams } = deps
  if (query.whose === 'all' && !hasRole(actor, 'rsvsync_admin')) {
    const say = 'Everybody’s reservations are shown to the roles admin and rsvsync_admin. Ask an administrator for one.'
    throw refusedByHttp('http.role_required', { say, facts: { rolesNeeded: ['admin', 'rsvsync_admin'] } })
  }
  if (query.whose === 'to_approve' && !hasRole(actor, 'approver')) {
    const say = 'What waits for approval is shown to the role approver. Ask an administrator for it.'
    throw refusedByHttp('http.role_required', { say, facts: { rolesNeeded: ['approver'] } })
  }
  const { rows, total } = await selectPage(db, {
    requestedForId: query.whose === 'mine' ? actor.userId : null,
    toApprove: query.whose === 'to_approve',
    when: query.when,
    now: seams.now(),
    search: query.q ? { text: query.q, roomIds: (await findRooms(db, { q: query.q })).map((room) => room.id) } : null,
    sort: sortOf(query),
    page: query.page,
    pageSize: query.pageSize,
  })
  const whole = await wholeReservations(db, rows)
  return { rows: await describeAll(deps, actor, whole), total, page: query.page, pageSize: query.pageSize }
}

/** One reservation with its timeline; what is free instead when the room said no. */
export async function readOne(
  deps: ReservationsDeps,
  actor: Actor,
  id: string,
): Promise<z.input<typeof readReservation.answer>> {
  const { db } = deps
  const whole = await visibleReservation(db, actor, id)
  const { row, room, invitees } = whole
  if (row.sync_mailbox !== null) await deps.opened(id, actor.userId)
  // The state first: what belongs to it was committed with it, so it is never shown without its history or what is free instead.
  const reservation = await answerFor(deps, actor, id)
  const history = await readHistory(db, id)
  const span = { startsAt: new Date(reservation.startsAt), endsAt: new Date(reservation.endsAt) }
  const wantsOther = lostItsRoom.has(reservation.state) && span.endsAt > deps.seams.now()
  const need = { room, span, people: peopleIn(invitees), except: takenOutside(history) }
  return { reservation, history, alternatives: wantsOther ? await findAlternatives(db, need) : [] }
}

/** In these states the meeting has no room, and another one may do. */
const lostItsRoom = new Set(['draft', 'conflicted', 'declined', 'rejected', 'expired', 'failed'])

/** Rooms that were taken outside when this one declined. Proposing them would only bring the next decline. */
function takenOutside(history: readonly HistoryEntry[]): string[] {
  const ids = history.find(({ kind }) => kind === 'room_declined')?.details.takenOutside
  return Array.isArray(ids) ? ids.map(String) : []
}

const columns = new Map<string, PageWish['sort']['column']>([
  ['startsAt', 'starts_at'],
  ['subject', 'subject'],
  ['state', 'state'],
  ['createdAt', 'created_at'],
])

/** Soonest first; of what is over, the latest first. A column that cannot be sorted by is ignored. */
function sortOf({ sort, when }: Query): PageWish['sort'] {
  const column = columns.get(sort?.replace('-', '') ?? '')
  if (column) return { column, direction: sort?.startsWith('-') ? 'desc' : 'asc' }
  return { column: 'starts_at', direction: when === 'past' ? 'desc' : 'asc' }
}
