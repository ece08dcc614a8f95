import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { GraphEvent } from '#graph/event.ts'
import { assertFence, type Lease } from '#jobs/lease.ts'
import { recordHistory } from '#reservations/history.ts'
import { finishChange, type OutboxEntry, postponeChange, waitForPermission } from '#reservations/outbox.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import { noteInCalendar, notePermissionNeeded, settleChange } from '#reservations/settle.ts'
import { agreementOf } from './agreed.ts'
import type { SyncDeps } from './deps.ts'
import type { Failure } from './failure.ts'
import { updateLink } from './link-queries.ts'
import { firstLookMs } from './next-look.ts'
import type { Written } from './write-event.ts'

/** A change under way: which, of what, in which lane, with whose permission. */
export type Going = { entry: OutboxEntry; whole: WholeReservation; lease: Lease; identity: string | null }

type WrittenEvent = Extract<Written, { is: 'written' }>

/** The calendar agrees: link, timeline and outbox in one transaction that a slower holder of the lane cannot commit. */
export function recordWritten(deps: SyncDeps, going: Going, { how, event, requestId }: WrittenEvent): Promise<void> {
  return record(deps, going, async (trx) => {
    const { entry, whole, identity } = going
    const now = deps.seams.now()
    await updateLink(trx, entry.reservationId, {
      ...placeOf(event),
      mailbox: identity ?? '',
      digest: JSON.stringify(agreementOf(whole)),
      ...cleared,
      asked_at: now,
      next_look_at: new Date(now.getTime() + firstLookMs),
      updated_at: now,
    })
    await noteInCalendar(trx, entry.reservationId, true)
    if (how !== 'unchanged') {
      const details = { iCalUId: event.iCalUId, how }
      const line = { ...sayWritten(whole, how), identity, requestId, details }
      await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, ...line })
    }
    await finishChange(trx, entry, now)
  })
}

/** The meeting is out of the calendar, as asked. */
export function recordRemoved(deps: SyncDeps, going: Going, requestId: string | null): Promise<void> {
  return record(deps, going, async (trx) => {
    const { entry, identity, whole } = going
    const wasThere = whole.row.in_calendar || requestId !== null
    await forget(trx, deps, entry.reservationId)
    if (wasThere) {
      const sentence = `The meeting was cancelled in the calendar of ${whole.requestedFor.displayName}.`
      const line = { kind: 'event_cancelled', sentence, identity, requestId }
      await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, ...line })
    }
    await finishChange(trx, entry, deps.seams.now())
  })
}

export const deletedInOutlook = 'The meeting was deleted in Outlook, so the room was given back.'

/** Somebody deleted the meeting while a change of ours was on its way: the deletion stands. */
export function recordDeletedOutside(deps: SyncDeps, going: Going, requestId: string | null): Promise<void> {
  return record(deps, going, async (trx) => {
    const { entry, whole, identity } = going
    await forget(trx, deps, entry.reservationId)
    const line = { kind: 'deleted_in_outlook', sentence: deletedInOutlook, identity, requestId }
    await settleChange(trx, deps.seams, { seen: whole.row, to: 'cancelled', reason: deletedInOutlook, line })
    await finishChange(trx, entry, deps.seams.now())
  })
}

/** Not now. Told once in the timeline, however often it is tried. */
export function recordLater(
  deps: SyncDeps,
  going: Going,
  { failure, inDoubt }: { failure: Extract<Failure, { is: 'later' }>; inDoubt: boolean },
): Promise<void> {
  return record(deps, going, async (trx) => {
    const { entry, identity } = going
    const now = deps.seams.now()
    const { code, say, requestId, waitMs } = failure
    await updateLink(trx, entry.reservationId, {
      ...(inDoubt ? {} : { attempting_since: null }),
      last_error_code: code,
      last_error_say: say,
      updated_at: now,
    })
    await postponeChange(trx, entry, new Date(now.getTime() + waitMs))
    if (entry.attempts > 0) return
    const line = { kind: 'retry', sentence: say, identity, requestId, details: { code } }
    await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, ...line })
  })
}

/** Only the person can help. The change waits for them and holds up nobody else. */
export function recordPermissionNeeded(
  deps: SyncDeps,
  going: Going,
  { credentialId, say }: { credentialId: string; say: string },
): Promise<void> {
  return record(deps, going, async (trx) => {
    const { entry, whole } = going
    await waitForPermission(trx, entry, whole.row.requested_for_id ?? '')
    await notePermissionNeeded(trx, deps.seams, { reservationId: entry.reservationId, credentialId, say })
  })
}

/** Refused for good: visible, with the reason and the next step. A refused cancellation stays cancelled here. */
export function recordRefused(
  deps: SyncDeps,
  going: Going,
  { code, say, requestId }: Extract<Failure, { is: 'refused' }>,
): Promise<void> {
  return record(deps, going, async (trx) => {
    const { entry, whole, identity } = going
    const now = deps.seams.now()
    const changes = { attempting_since: null, last_error_code: code, last_error_say: say, next_look_at: null }
    await updateLink(trx, entry.reservationId, { ...changes, updated_at: now })
    const wasCancel = whole.row.state === 'cancelled'
    const sentence = wasCancel ? `Microsoft refused to cancel the meeting (${code}). Cancel it in Outlook.` : say
    const line = { kind: 'failed', sentence, identity, requestId, details: { code } }
    if (wasCancel) await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, ...line })
    else await settleChange(trx, deps.seams, { seen: whole.row, to: 'failed', reason: sentence, line })
    await finishChange(trx, entry, now)
  })
}

async function record(deps: SyncDeps, going: Going, write: (trx: Database) => Promise<void>): Promise<void> {
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, going.lease)
    await write(trx)
  })
  const { row } = going.whole
  deps.publish({ topic: 'reservation', id: row.id, userId: row.requested_for_id })
}

const cleared = { attempts: 0, attempting_since: null, last_error_code: null, last_error_say: null }

/** The event is gone for good: nothing to look at, nothing to write. */
export async function forget(trx: Database, deps: SyncDeps, reservationId: string): Promise<void> {
  await updateLink(trx, reservationId, { ...cleared, next_look_at: null, updated_at: deps.seams.now() })
  await noteInCalendar(trx, reservationId, false)
}

function placeOf(event: GraphEvent) {
  return { event_id: event.id, i_cal_uid: event.iCalUId, etag: event['@odata.etag'] }
}

function sayWritten({ requestedFor, room }: WholeReservation, how: WrittenEvent['how']) {
  const calendar = `the calendar of ${requestedFor.displayName}`
  if (how === 'changed') return { kind: 'event_changed', sentence: `The meeting was changed in ${calendar}.` }
  const again = how === 'found_again' ? ' An earlier attempt had worked, so it was not sent twice.' : ''
  return {
    kind: 'event_created',
    sentence: `The meeting was put in ${calendar}, and ${room.name} was asked.${again}`,
  }
}
