import type { z } from 'zod'
import { transaction, violatedConstraint } from '#db/transaction.ts'
import type { Actor } from '#http/actor.ts'
import { sha256 } from '#kit/secret.ts'
import type { Room } from '#rooms/contract.ts'
import type { book as bookEndpoint, Reservation } from './contract.ts'
import type { Permission, ReservationsDeps } from './deps.ts'
import { refused } from './errors.ts'
import { recordHistory } from './history.ts'
import { announce } from './outbox.ts'
import { isOverlap, refuseTaken, roomTaken, type Wish } from './overlap.ts'
import { insertReservation, lockRoom, type ReservationRow, replaceInvitees, selectByKey } from './queries.ts'
import { answerFor, peopleIn, reservableRoom } from './reservation.ts'
import { dayAndHoursIn } from './wall-time.ts'
import { wishedTime } from './wished-time.ts'

type BookInput = z.output<NonNullable<typeof bookEndpoint.body>>

/** A wish that was looked at and is in order. */
type Order = { input: BookInput; wish: Wish; permission: Exclude<Permission, { is: 'impossible' }> }

/**
 * Reserves a room for whoever asks. With their permission the room is held from this moment; without it everything typed is
 * kept as a draft. The same idempotency key gives the same reservation.
 *
 * @throws Refusal `reservations.room_taken` (facts.alternatives), `.in_the_past`, `.too_long`, `.too_far_ahead`,
 *   `.ends_before_start`, `.key_reused`, `.room_unknown`, `.no_permission_possible`
 */
export async function book(deps: ReservationsDeps, actor: Actor, input: BookInput): Promise<Reservation> {
  const known = await knownByKey(deps, actor, input)
  if (known) return known
  const room = await reservableRoom(deps.db, input.roomId)
  const wish = { room, span: wishedTime(input, deps.seams.now()), people: peopleIn(input.invitees) }
  const permission = await deps.permission(actor.userId)
  if (permission.is === 'impossible') throw refused('reservations.no_permission_possible', { say: permission.say })
  if (permission.is === 'needed') await refuseTaken(deps.db, wish)
  const row = newRow(deps, actor, { input, wish, permission })
  try {
    await store(deps, actor, row, { input, wish, permission })
  } catch (problem) {
    return afterCollision(deps, actor, { input, wish, problem })
  }
  deps.publish({ topic: 'reservation', id: row.id, userId: actor.userId })
  if (permission.is === 'given') await deps.wake(deps.db, room.id)
  return answerFor(deps.db, actor, { id: row.id, now: deps.seams.now() })
}

type NewRow = ReturnType<typeof newRow>

function newRow({ seams }: ReservationsDeps, actor: Actor, { input, wish, permission }: Order) {
  const now = seams.now()
  const needed = permission.is === 'needed' ? permission : null
  return {
    id: seams.newId(),
    room_id: wish.room.id,
    requested_for_id: actor.userId,
    opened_by_id: actor.userId,
    source: sourceOf(actor),
    state: needed ? ('draft' as const) : ('awaiting_confirmation' as const),
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
    created_at: now,
    updated_at: now,
  }
}

async function store(deps: ReservationsDeps, actor: Actor, row: NewRow, { input, wish, permission }: Order) {
  await transaction(deps.db, async (trx) => {
    await lockRoom(trx, row.room_id)
    await insertReservation(trx, row)
    await replaceInvitees(trx, row.id, oncePerAddress(input.invitees))
    await recordHistory(trx, deps.seams, { reservationId: row.id, kind: 'requested', sentence: asked(actor, wish) })
    if (permission.is === 'needed') {
      const { say, credentialId } = permission
      const line = { kind: 'permission_needed', sentence: say, details: { credentialId } }
      await recordHistory(trx, deps.seams, { reservationId: row.id, ...line })
    } else {
      await announce(trx, row, { action: 'create', actorId: actor.userId, now: row.created_at })
    }
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
  return answerFor(deps.db, actor, { id: row.id, now: deps.seams.now() })
}

/** The input was parsed, so its fields come in the order of the contract and equal requests give equal text. */
function hashOf(input: BookInput): string {
  return sha256(JSON.stringify({ ...input, idempotencyKey: undefined })).toString('hex')
}

function sourceOf({ via }: Actor): 'portal' | 'rest_api' | 'cli' {
  return via === 'session' ? 'portal' : via === 'cli' ? 'cli' : 'rest_api'
}

function asked({ displayName }: Actor, { room, span }: { room: Room; span: Wish['span'] }): string {
  return `${displayName} asked for ${room.name} on ${dayAndHoursIn(span, room.building.timeZone)}.`
}

/** An address typed twice is one guest. */
function oncePerAddress(invitees: BookInput['invitees']): BookInput['invitees'] {
  return [...new Map(invitees.map((invitee) => [invitee.email.toLowerCase(), invitee])).values()]
}
