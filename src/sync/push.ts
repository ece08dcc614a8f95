import { transaction } from '#db/transaction.ts'
import { assertFence, type Lease, LeaseLost } from '#jobs/lease.ts'
import { underLease } from '#jobs/under-lease.ts'
import { nextChange, nextMoment, type OutboxEntry } from '#reservations/outbox.ts'
import { findWholeReservation, type WholeReservation } from '#reservations/reservation.ts'
import type { SyncDeps } from './deps.ts'
import { transactionIdOf } from './event-draft.ts'
import { failureOf, growingWaitMs } from './failure.ts'
import { lookSoon, pushAt } from './jobs.ts'
import { insertLink, type LinkRow, selectLink, updateLink } from './link-queries.ts'
import { firstLookMs } from './next-look.ts'
import { type NoOrganizer, organizerFor } from './organizer.ts'
import {
  type Going,
  recordDeletedOutside,
  recordLater,
  recordPermissionNeeded,
  recordRefused,
  recordRemoved,
  recordWritten,
} from './record.ts'
import { type Written, writeEvent } from './write-event.ts'

/** Longer than the pauses of a healthy process, short enough that a killed one is followed soon. */
const leaseMs = 10_000

/** While another process drains the lane: come back, because it may have looked just before our change was there. */
const busyLaneMs = 1_000

/**
 * Drains a lane: every change of a room's reservations that may go now, in sequence, one process at a time. Doing it twice, late
 * or for nothing changes nothing.
 */
export async function pushLane(deps: SyncDeps, lane: string): Promise<void> {
  const { db, seams } = deps
  const drained = await underLease(
    { db, lane: `reservations ${lane}`, ttlMs: leaseMs, newId: seams.newId, wait: seams.wait },
    (lease, lost) => drain(deps, { lane, lease, lost }),
  )
  const moment = drained === null ? new Date(seams.now().getTime() + busyLaneMs) : await nextMoment(db, lane)
  if (moment) await pushAt(deps, lane, moment)
}

type Drain = { lane: string; lease: Lease; lost: AbortSignal }

async function drain(deps: SyncDeps, { lane, lease, lost }: Drain): Promise<'drained'> {
  while (!lost.aborted) {
    const entry = await nextChange(deps.db, lane, deps.seams.now())
    if (!entry) break
    await pushOrPutOff(deps, entry, lease)
  }
  return 'drained'
}

/** A bug that one reservation brings out puts off this reservation, and not the room's others. */
async function pushOrPutOff(deps: SyncDeps, entry: OutboxEntry, lease: Lease): Promise<void> {
  try {
    await pushChange(deps, entry, lease)
  } catch (cause) {
    if (cause instanceof LeaseLost) throw cause
    const { reservationId, attempts } = entry
    deps.log.error({ reservationId, attempts, problem: String(cause) }, 'sync: a change could not be handled')
    const whole = await findWholeReservation(deps.db, reservationId)
    if (!whole) throw cause
    const failure = laterBecause(deps, entry, { code: 'sync.our_fault', say: ourFault })
    await recordLater(deps, { entry, whole, lease, identity: null }, { failure, inDoubt: true })
  }
}

const ourFault = 'Something went wrong on our side. It is tried again by itself; the log has the details.'

async function pushChange(deps: SyncDeps, entry: OutboxEntry, lease: Lease): Promise<void> {
  const whole = await findWholeReservation(deps.db, entry.reservationId)
  if (!whole) throw new Error(`the outbox names reservation ${entry.reservationId}, which does not exist`)
  const going: Going = { entry, whole, lease, identity: null }
  const link = await linkOf(deps, whole)
  if (neverSent(link) && whole.row.state === 'cancelled') return recordRemoved(deps, going, null)
  if (neverSent(link) && whole.row.ends_at <= deps.seams.now()) return recordTooLate(deps, going)
  const organizer = await organizerFor(deps, whole.row.requested_for_id ?? '')
  if (organizer.is !== 'ready') return withoutOrganizer(deps, going, organizer)
  const markAttempt = () => noteAttempt(deps, { link, lease })
  const written = await writeEvent({ organizer, whole, link, markAttempt })
  const known = { ...going, identity: organizer.identity }
  await recordOutcome(deps, known, { written, credentialId: organizer.credentialId })
}

function neverSent(link: LinkRow): boolean {
  return link.event_id === null && link.attempting_since === null
}

async function recordOutcome(
  deps: SyncDeps,
  going: Going,
  { written, credentialId }: { written: Written; credentialId: string },
): Promise<void> {
  switch (written.is) {
    case 'written':
      await recordWritten(deps, going, written)
      return lookSoon(deps, going.entry.reservationId, firstLookMs)
    case 'removed':
      return recordRemoved(deps, going, written.requestId)
    case 'deleted_outside':
      return recordDeletedOutside(deps, going, written.requestId)
    case 'not_written':
      return recordFailure(deps, going, { written, credentialId })
  }
}

type NotWritten = Extract<Written, { is: 'not_written' }>

async function recordFailure(
  deps: SyncDeps,
  going: Going,
  { written: { problem, inDoubt }, credentialId }: { written: NotWritten; credentialId: string },
): Promise<void> {
  const { attempts, reservationId } = going.entry
  const failure = failureOf(problem, { attempts, jitter: jitterOf(deps) })
  deps.log.warn({ reservationId, failure: failure.is, code: problem.code, attempts }, 'sync: a change was not written')
  if (failure.is === 'later') return recordLater(deps, going, { failure, inDoubt })
  if (failure.is === 'refused') return recordRefused(deps, going, failure)
  return recordPermissionNeeded(deps, going, { credentialId, say: failure.say })
}

/** An alias that is not set up or a sealed vault is mended by an administrator, so the change waits and says so. */
function withoutOrganizer(deps: SyncDeps, going: Going, missing: NoOrganizer): Promise<void> {
  if (missing.is === 'sign_in_needed') return recordPermissionNeeded(deps, going, missing)
  return recordLater(deps, going, { failure: laterBecause(deps, going.entry, missing), inDoubt: true })
}

function laterBecause(deps: SyncDeps, { attempts }: OutboxEntry, { code, say }: { code: string; say: string }) {
  const waitMs = growingWaitMs({ attempts, jitter: jitterOf(deps) })
  return { is: 'later' as const, waitMs, code, say, requestId: null }
}

function recordTooLate(deps: SyncDeps, going: Going): Promise<void> {
  const say = 'The meeting could not be put in the calendar before it was over. Reserve the room for another time.'
  return recordRefused(deps, going, { is: 'refused', code: 'too_late', say, requestId: null })
}

async function linkOf(deps: SyncDeps, { row, requestedFor }: WholeReservation): Promise<LinkRow> {
  await insertLink(deps.db, {
    reservation_id: row.id,
    mailbox: requestedFor.email,
    organizer_user_id: row.requested_for_id,
    transaction_id: transactionIdOf(row.id, row.generation),
    created_at: deps.seams.now(),
  })
  const link = await selectLink(deps.db, row.id)
  if (!link) throw new Error(`the link of reservation ${row.id} was not stored`)
  return link
}

/** Committed before the call leaves: whoever comes after a crash knows that there may be an event, and looks for it. */
async function noteAttempt(deps: SyncDeps, { link, lease }: { link: LinkRow; lease: Lease }): Promise<void> {
  const now = deps.seams.now()
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, lease)
    const values = { attempting_since: now, attempts: link.attempts + 1, updated_at: now }
    await updateLink(trx, link.reservation_id, values)
  })
}

function jitterOf({ seams }: SyncDeps): number {
  return (seams.randomBytes(1)[0] ?? 0) / 255
}
