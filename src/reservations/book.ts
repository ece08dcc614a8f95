import type { z } from 'zod'
import { transaction, violatedConstraint } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { sha256 } from '#kit/secret.ts'
import { findPersonNames } from '#people/person-name.ts'
import type { Room } from '#rooms/contract.ts'
import { needsOwnApproval } from '#rooms/room.ts'
import type { book as bookEndpoint, Reservation } from './contract.ts'
import type { Permission, Question, ReservationsDeps, Rule } from './deps.ts'
import { answerFor } from './describe.ts'
import { refused } from './errors.ts'
import { recordHistory } from './history.ts'
import { announce } from './outbox.ts'
import { isOverlap, refuseTaken, roomTaken, type Wish } from './overlap.ts'
import { insertReservation, lockRoom, type ReservationRow, replaceInvitees, selectByKey } from './queries.ts'
import { type Booker, peopleIn, reservableRoom } from './reservation.ts'
import { sourceOf } from './source.ts'
import { stateFor } from './state.ts'
import { dayAndHoursIn } from './wall-time.ts'
import { wishedTime } from './wished-time.ts'

type BookInput = z.output<NonNullable<typeof bookEndpoint.body>>
type Granted = Exclude<Permission, { is: 'impossible' }>
type Allowed = Extract<Rule, { is: 'allowed' | 'local' }>

/** A wish that was looked at and is in order. */
type Order = { input: BookInput; wish: Wish; question: Question; rule: Allowed; permission: Granted }

/**
 * Reserves a room. With the permission that the room's mode asks for it is held from this moment; without it everything typed is
 * kept as a draft. The same idempotency key gives the same reservation.
 *
 * @throws Refusal `reservations.room_taken` (facts.alternatives), `.in_the_past`, `.too_long`, `.too_far_ahead`,
 *   `.ends_before_start`, `.key_reused`, `.room_unknown`, `.no_permission_possible`, `.not_allowed_in_mode`, `.person_unknown`,
 *   `.source_not_allowed`
 */
export async function book(deps: ReservationsDeps, actor: Actor, input: BookInput): Promise<Reservation> {
  const known = await knownByKey(deps, actor, input)
  if (known) return known
  const room = await reservableRoom(deps.db, input.roomId)
  const wish = { room, span: wishedTime(input, deps.seams.now()), people: peopleIn(input.invitees) }
  const question = await questionOf(deps, actor, input)
  const rule = (await deps.rules([room.id]))(question)
  if (rule.is === 'refused' || rule.is === 'proposed')
    throw refused('reservations.not_allowed_in_mode', { say: rule.say })
  const permission: Permission = rule.is === 'local' ? { is: 'given' } : await deps.permission(question, rule)
  if (permission.is === 'impossible') throw refused('reservations.no_permission_possible', { say: permission.say })
  const order = { input, wish, question, rule, permission }
  if (permission.is === 'needed') await refuseTaken(deps.db, wish)
  const row = await newRow(deps, actor, order)
  try {
    await store(deps, actor, { row, order })
  } catch (problem) {
    return afterCollision(deps, actor, { input, wish, problem })
  }
  deps.publish({ topic: 'reservation', id: row.id, userId: row.requested_for_id })
  if (isAnnounced(order)) await deps.wake(deps.db, room.id)
  return answerFor(deps, actor, row.id)
}

async function questionOf(deps: ReservationsDeps, actor: Actor, input: BookInput): Promise<Question> {
  const { roomId, requestedForId = actor.userId } = input
  const requestedFor = (await findPersonNames(deps.db, [requestedForId])).get(requestedForId)
  if (!requestedFor) throw refused('reservations.person_unknown', { fields: { requestedForId: 'Choose a person.' } })
  const source = sourceOf(actor, input.source)
  return { roomId, action: 'create', source, actorId: actor.userId, requestedFor, existing: null }
}

type NewRow = Awaited<ReturnType<typeof newRow>>

async function newRow({ db, seams }: ReservationsDeps, actor: Actor, order: Order) {
  const { input, wish, question, rule, permission } = order
  const now = seams.now()
  const needed = permission.is === 'needed' ? permission : null
  const approval = (await needsOwnApproval(db, wish.room.id))
    ? ('awaiting_approval' as const)
    : ('not_required' as const)
  const isLocal = rule.is === 'local'
  const whenHeld = stateFor({ room_answer: isLocal ? 'accepted' : 'none', approval })
  return {
    id: seams.newId(),
    room_id: wish.room.id,
    requested_for_id: booker(question.requestedFor),
    opened_by_id: actor.userId,
    source: question.source,
    state: needed ? ('draft' as const) : whenHeld,
    state_reason: needed?.say ?? null,
    subject: input.subject,
    notes: input.notes,
    is_private: input.isPrivate,
    starts_at: wish.span.startsAt,
    ends_at: wish.span.endsAt,
    time_zone: wish.room.building.timeZone,
    generation: 1,
    idempotency_key: input.idempotencyKey ?? null,
    request_hash: hashOf(input),
    permission_credential_id: needed?.credentialId ?? null,
    permission_say: needed?.say ?? null,
    sync_mailbox: isLocal ? null : rule.mailbox,
    sync_state: isLocal
      ? ('not_required' as const)
      : needed
        ? ('synchronization_required' as const)
        : ('sync_enqueued' as const),
    room_answer: isLocal ? ('accepted' as const) : ('none' as const),
    approval,
    created_at: now,
    updated_at: now,
  }
}

function booker({ id }: Booker): string {
  if (id === null) throw new Error('a room is reserved here for somebody who is known here')
  return id
}

/** Does anybody outside have to hear of it now? */
function isAnnounced({ rule, permission }: Order): boolean {
  return rule.is === 'allowed' && permission.is === 'given'
}

async function store(deps: ReservationsDeps, actor: Actor, { row, order }: { row: NewRow; order: Order }) {
  const { input, wish, question, permission } = order
  await transaction(deps.db, async (trx) => {
    await lockRoom(trx, row.room_id)
    await insertReservation(trx, row)
    await replaceInvitees(trx, row.id, oncePerAddress(input.invitees))
    const sentence = asked(actor, question, wish)
    await recordHistory(trx, deps.seams, { reservationId: row.id, kind: 'requested', sentence })
    if (permission.is === 'needed') {
      const { say, credentialId } = permission
      const line = { kind: 'permission_needed', sentence: say, details: { credentialId } }
      await recordHistory(trx, deps.seams, { reservationId: row.id, ...line })
    }
    if (!isAnnounced(order)) return
    const { source } = row
    await announce(trx, row, { action: 'create', actorId: actor.userId, source, now: row.created_at })
  })
}

/** The database refused. A doubled request may run into the room it holds itself before it runs into its own key. */
async function afterCollision(
  deps: ReservationsDeps,
  actor: Actor,
  { input, wish, problem }: { input: BookInput; wish: Wish; problem: unknown },
): Promise<Reservation> {
  const keyIsTaken = violatedConstraint(problem) === 'reservations_idempotency'
  if (!keyIsTaken && !isOverlap(problem)) throw problem
  const known = await knownByKey(deps, actor, input)
  if (known) return known
  throw await roomTaken(deps.db, wish)
}

async function knownByKey(deps: ReservationsDeps, actor: Actor, input: BookInput): Promise<Reservation | null> {
  if (input.idempotencyKey === undefined) return null
  const row: ReservationRow | undefined = await selectByKey(deps.db, actor.userId, input.idempotencyKey)
  if (!row) return null
  if (row.request_hash !== hashOf(input)) throw refused('reservations.key_reused')
  return answerFor(deps, actor, row.id)
}

/** The input was parsed, so its fields come in the order of the contract and equal requests give equal text. */
function hashOf(input: BookInput): string {
  return sha256(JSON.stringify({ ...input, idempotencyKey: undefined })).toString('hex')
}

function asked(actor: Actor, { requestedFor }: Question, { room, span }: { room: Room; span: Wish['span'] }): string {
  const forWhom = requestedFor.id === actor.userId ? '' : ` for ${requestedFor.displayName}`
  return `${actor.displayName} asked for ${room.name}${forWhom} on ${dayAndHoursIn(span, room.building.timeZone)}.`
}

/** An address typed twice is one guest. */
function oncePerAddress(invitees: BookInput['invitees']): BookInput['invitees'] {
  return [...new Map(invitees.map((invitee) => [invitee.email.toLowerCase(), invitee])).values()]
}
