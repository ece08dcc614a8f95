import { transaction } from '#db/transaction.ts'
import { assertFence, type Lease, LeaseLost } from '#jobs/lease.ts'
import { findRoomSyncs, type RoomSync } from '#providers/room-sync.ts'
import { nextChange, type OutboxEntry } from '#reservations/outbox.ts'
import { findWholeReservation, type WholeReservation } from '#reservations/reservation.ts'
import { bringEvent } from './bring-event.ts'
import { agreementWith } from './changes-to.ts'
import type { SyncDeps } from './deps.ts'
import { transactionIdOf } from './event-draft.ts'
import { failureOf, growingWaitMs } from './failure.ts'
import { lookSoon } from './jobs.ts'
import { insertLink, type LinkRow, selectLink, updateLink } from './link-queries.ts'
import { firstLookMs } from './next-look.ts'
import { showRequest } from './no-request.ts'
import { addressOf, type NoOrganizer, type Organizer, organizerFor } from './organizer.ts'
import {
  type Going,
  recordDeletedOutside,
  recordLater,
  recordNotRequired,
  recordOverruled,
  recordPermissionNeeded,
  recordRefused,
  recordRemoved,
  recordWritten,
} from './record.ts'
import { release } from './release.ts'
import { beginSyncEvent } from './sync-event.ts'
import type { Written } from './write-event.ts'

export type Drain = { lane: string; lease: Lease; lost: AbortSignal }

/**
 * Drains a lane: every change of a room's reservations that may go now, in sequence. Doing it twice, late or for nothing changes
 * nothing.
 */
export async function drainOutbox(deps: SyncDeps, { lane, lease, lost }: Drain): Promise<void> {
  while (!lost.aborted) {
    const entry = await nextChange(deps.db, lane, deps.seams.now())
    if (!entry) break
    await pushOrPutOff(deps, entry, lease)
  }
}

/** A bug that one reservation brings out puts off this reservation, and not the room's others. */
async function pushOrPutOff(deps: SyncDeps, entry: OutboxEntry, lease: Lease): Promise<void> {
  const whole = await findWholeReservation(deps.db, entry.reservationId)
  if (!whole) throw new Error(`the outbox names reservation ${entry.reservationId}, which does not exist`)
  const sync = (await findRoomSyncs(deps.db, [entry.lane])).get(entry.lane) ?? null
  const going: Going = { entry, whole, lease, acting: null }
  try {
    await beginSyncEvent(deps, { entry, whole, providerId: sync?.provider.id ?? null })
    await pushChange(deps, { going, sync })
  } catch (cause) {
    if (cause instanceof LeaseLost) throw cause
    const { reservationId, attempts } = entry
    deps.log.error({ reservationId, attempts, problem: String(cause) }, 'sync: a change could not be handled')
    const failure = laterBecause(deps, entry, { code: 'sync.our_fault', say: ourFault })
    await recordLater(deps, going, { failure, inDoubt: true })
  }
}

const ourFault = 'Something went wrong on our side. It is tried again by itself; the log has the details.'

type Push = { going: Going; sync: RoomSync | null }

async function pushChange(deps: SyncDeps, { going, sync }: Push): Promise<void> {
  const { entry, whole } = going
  if (sync === null) return recordNotRequired(deps, going)
  if (!sync.active) return untilActive(deps, going)
  const link = await linkOf(deps, whole, sync)
  const isFirst = link.event_id === null && link.attempting_since === null && !link.born_outside
  if (isFirst && !wantsEvent(whole)) return recordRemoved(deps, going, { requestId: null })
  if (isFirst && whole.row.ends_at <= deps.seams.now()) return recordTooLate(deps, going)
  if (entry.action === 'release') return release(deps, { going, sync, link })
  // A reservation that was freed keeps its meeting, and there is nothing to say about it in the calendar.
  if (whole.row.state === 'rejected' || whole.row.state === 'expired') return recordNotRequired(deps, going)
  const organizer = await organizerFor(deps, { entry, whole, link, provider: sync.provider })
  if (organizer.is !== 'ready') return withoutOrganizer(deps, going, organizer)
  const { identity, actsAs } = organizer.acting
  const known: Going = { ...going, acting: { identity, actsAs, mailbox: organizer.address } }
  if (sync.noRequest) return showRequest(deps, { going: known, organizer, link })
  await push(deps, { going: known, organizer, link, roomId: sync.roomId })
}

/** Should there be an event at all? */
function wantsEvent({ row }: WholeReservation): boolean {
  return row.state !== 'cancelled' && row.state !== 'rejected' && row.state !== 'expired'
}

type Pushing = { going: Going; organizer: Organizer; link: LinkRow; roomId: string }

async function push(deps: SyncDeps, { going, organizer, link, roomId }: Pushing): Promise<void> {
  const { whole, lease } = going
  const markAttempt = () => noteAttempt(deps, { link, lease, whole })
  const written = await bringEvent(deps, { organizer, whole, link, lease, markAttempt })
  if (written.is === 'overruled') return recordOverruled(deps, going)
  await recordOutcome(deps, { ...going, whole: written.whole }, { written: written.written, organizer })
  await deps.hintRoom(roomId)
}

async function recordOutcome(
  deps: SyncDeps,
  going: Going,
  { written, organizer }: { written: Written; organizer: Organizer },
): Promise<void> {
  switch (written.is) {
    case 'written':
      await recordWritten(deps, going, written)
      return lookSoon(deps, going.entry.reservationId, firstLookMs)
    case 'removed':
      return recordRemoved(deps, going, written)
    case 'deleted_outside':
      return recordDeletedOutside(deps, going, written.requestId)
    case 'not_written':
      return recordFailure(deps, going, { written, credentialId: organizer.acting.credentialId })
  }
}

type NotWritten = Extract<Written, { is: 'not_written' }>

async function recordFailure(
  deps: SyncDeps,
  going: Going,
  { written: { problem, inDoubt, exchange }, credentialId }: { written: NotWritten; credentialId: string },
): Promise<void> {
  const { attempts, reservationId } = going.entry
  const failure = failureOf(problem, { attempts, jitter: jitterOf(deps) })
  deps.log.warn({ reservationId, failure: failure.is, code: problem.code, attempts }, 'sync: a change was not written')
  if (failure.is === 'later') return recordLater(deps, going, { failure, inDoubt, exchange })
  if (failure.is === 'refused') return recordRefused(deps, going, { ...failure, exchange })
  if (going.acting?.actsAs === 'personal')
    return recordPermissionNeeded(deps, going, { credentialId, say: failure.say })
  // The system's own permission is given back by an administrator, and nobody else can help: it is tried again until then.
  const say = `Anteroom’s own permission is not accepted at the moment, which an administrator has to mend: ${failure.say}`
  const later = laterBecause(deps, going.entry, { code: problem.code, say })
  await recordLater(deps, going, { failure: later, inDoubt, exchange })
}

/** An alias that is not set up or a sealed vault is mended by an administrator, so the change waits and says so. */
function withoutOrganizer(deps: SyncDeps, going: Going, missing: NoOrganizer): Promise<void> {
  if (missing.is === 'nobody') {
    return recordRefused(deps, going, {
      is: 'refused',
      code: 'sync.nobody_may_write',
      say: missing.say,
      requestId: null,
    })
  }
  if (missing.is === 'sign_in_needed' && isPersonal(going)) return recordPermissionNeeded(deps, going, missing)
  const code = missing.is === 'refused' ? missing.code : 'connections.sign_in_needed'
  return recordLater(deps, going, {
    failure: laterBecause(deps, going.entry, { code, say: missing.say }),
    inDoubt: true,
  })
}

function isPersonal({ whole: { row } }: Going): boolean {
  return row.sync_mailbox === 'user' && row.requested_for_id !== null
}

const untilActiveMs = 60_000

function untilActive(deps: SyncDeps, going: Going): Promise<void> {
  const say =
    'The room is not kept in step with Outlook at the moment. It goes on when its configuration is active again.'
  const failure = { is: 'later' as const, waitMs: untilActiveMs, code: 'sync.not_active', say, requestId: null }
  return recordLater(deps, going, { failure, inDoubt: true, subState: 'waits_for_configuration' })
}

function laterBecause(deps: SyncDeps, { attempts }: OutboxEntry, { code, say }: { code: string; say: string }) {
  const waitMs = growingWaitMs({ attempts, jitter: jitterOf(deps) })
  return { is: 'later' as const, waitMs, code, say, requestId: null }
}

function recordTooLate(deps: SyncDeps, going: Going): Promise<void> {
  const say = 'The meeting could not be put in the calendar before it was over. Reserve the room for another time.'
  return recordRefused(deps, going, { is: 'refused', code: 'too_late', say, requestId: null })
}

async function linkOf(deps: SyncDeps, whole: WholeReservation, { provider }: RoomSync): Promise<LinkRow> {
  const { row } = whole
  const known = await selectLink(deps.db, row.id)
  if (known) return known
  const made = await insertLink(deps.db, {
    reservation_id: row.id,
    mailbox: addressOf({ whole, link: null }, provider),
    organizer_user_id: row.requested_for_id,
    transaction_id: transactionIdOf(row.id, row.generation),
    provider_id: provider.id,
    created_at: deps.seams.now(),
  })
  const link = made ?? (await selectLink(deps.db, row.id))
  if (!link) throw new Error(`the link of reservation ${row.id} was not stored`)
  return link
}

type Attempt = { link: LinkRow; lease: Lease; whole: WholeReservation }

/** Committed before the call leaves: whoever comes after a crash knows that there may be an event, and looks for it. */
async function noteAttempt(deps: SyncDeps, { link, lease, whole }: Attempt): Promise<void> {
  const now = deps.seams.now()
  // An event that is found again says this, whatever was changed here since.
  const isFirst = link.attempting_since === null
  const sent = isFirst ? { digest: JSON.stringify(agreementWith(whole)) } : {}
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    const values = { attempting_since: now, attempts: link.attempts + 1, updated_at: now }
    await updateLink(trx, link.reservation_id, { ...values, ...sent })
  })
}

export function jitterOf({ seams }: SyncDeps): number {
  return (seams.randomBytes(1)[0] ?? 0) / 255
}
