import type { Database } from '#db/database.ts'
import { transaction } from '#db/transaction.ts'
import type { GraphEvent } from '#graph/event.ts'
import { assertFence, type Lease } from '#jobs/lease.ts'
import { recordHistory } from '#reservations/history.ts'
import { finishChange, type OutboxEntry, postponeChange, waitForPermission } from '#reservations/outbox.ts'
import { takeChanges } from '#reservations/outside.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import { notePermissionNeeded, noteSync, settleChange } from '#reservations/settle.ts'
import { readAgreement } from './agreed.ts'
import { agreementWith } from './changes-to.ts'
import type { SyncDeps } from './deps.ts'
import type { Failure } from './failure.ts'
import { selectLink, updateLink } from './link-queries.ts'
import { firstLookMs } from './next-look.ts'
import type { SubState } from './sync-event.contract.ts'
import { type Exchange, endSyncEvent, type Outcome } from './sync-event.ts'
import type { Written } from './write-event.ts'

/** A change under way: which, of what, in which lane, with whose permission. */
export type Going = { entry: OutboxEntry; whole: WholeReservation; lease: Lease; acting: Outcome['acting'] }

type WrittenEvent = Extract<Written, { is: 'written' }>

/** The calendar agrees: link, timeline, sync event and outbox in one transaction that a slower holder of the lane cannot commit. */
export function recordWritten(deps: SyncDeps, going: Going, written: WrittenEvent): Promise<void> {
  const { how, event, requestId, exchange } = written
  return record(deps, going, { subState: how, requestId, exchange }, async (trx) => {
    const { entry, whole, acting } = going
    const now = deps.seams.now()
    await updateLink(trx, entry.reservationId, {
      ...placeOf(event),
      ...(acting ? { mailbox: acting.mailbox, acts_as: acting.actsAs } : {}),
      digest: await agreementAfter(trx, going, { now, how }),
      ...cleared,
      ended_by: null,
      asked_at: now,
      next_look_at: new Date(now.getTime() + firstLookMs),
      updated_at: now,
    })
    await noteSync(trx, entry.reservationId, { inCalendar: true, syncState: 'synchronized' })
    if (how !== 'unchanged') {
      const details = { iCalUId: event.iCalUId, how }
      const line = { ...sayWritten(whole, how, acting), identity: acting?.identity ?? null, requestId, details }
      await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, ...line })
    }
    await finishChange(trx, entry, now)
  })
}

/**
 * Until the room has heard of a new time, its copy shows the one before: that is kept, so that it is not taken for a move back. An event
 * that was found again is as it was sent, before whatever was changed here since: that still has to go out.
 */
async function agreementAfter(
  trx: Database,
  { entry, whole }: Going,
  { now, how }: { now: Date; how: WrittenEvent['how'] },
) {
  const before = readAgreement((await selectLink(trx, entry.reservationId))?.digest ?? null)
  if (how === 'found_again' && before !== null) return JSON.stringify({ ...before, writtenAt: now.toISOString() })
  const agreed = agreementWith(whole)
  const moved = before !== null && before.time !== agreed.time
  const timeBefore = moved ? before.time : (before?.timeBefore ?? null)
  const writtenAt = how === 'unchanged' ? (before?.writtenAt ?? null) : now.toISOString()
  return JSON.stringify({ ...agreed, timeBefore, writtenAt })
}

/** The meeting is out of the calendar, as asked. */
export function recordRemoved(
  deps: SyncDeps,
  going: Going,
  { requestId, exchange = {} }: { requestId: string | null; exchange?: Exchange },
): Promise<void> {
  return record(deps, going, { subState: 'removed', requestId, exchange }, async (trx) => {
    const { entry, acting, whole } = going
    const wasThere = whole.row.in_calendar || requestId !== null
    await forget(trx, deps, { reservationId: entry.reservationId, endedBy: 'here' })
    if (wasThere) {
      const sentence = `The meeting was cancelled in the calendar of ${whose(whole, acting)}.`
      const line = { kind: 'event_cancelled', sentence, identity: acting?.identity ?? null, requestId }
      await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, ...line })
    }
    await finishChange(trx, entry, deps.seams.now())
  })
}

/** The room is free again, and the meeting stays. */
export function recordReleased(
  deps: SyncDeps,
  going: Going,
  { requestId, payload }: { requestId: string | null; payload?: Record<string, unknown> },
): Promise<void> {
  const exchange = payload ? { payload } : {}
  return record(deps, going, { subState: 'released', requestId, exchange }, async (trx) => {
    const { entry, acting, whole } = going
    const now = deps.seams.now()
    await updateLink(trx, entry.reservationId, { ...cleared, ended_by: 'here', next_look_at: null, updated_at: now })
    await noteSync(trx, entry.reservationId, { syncState: 'synchronized' })
    if (payload) {
      const sentence = `${whole.room.name} declined the meeting for us, and the organizer was told why.`
      const line = { kind: 'room_released', sentence, identity: acting?.identity ?? null, requestId }
      await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, ...line })
    }
    await finishChange(trx, entry, now)
  })
}

/** It had expired here, and the room has accepted it meanwhile: then it stands. */
export function recordAnsweredMeanwhile(deps: SyncDeps, going: Going, requestId: string | null): Promise<void> {
  return record(deps, going, { subState: 'answered_meanwhile', requestId }, async (trx) => {
    const { entry, acting, whole } = going
    const sentence = `${whole.room.name} accepted at the last moment, so the reservation stands.`
    const line = { kind: 'room_accepted', sentence, identity: acting?.identity ?? null, requestId }
    await takeChanges(trx, deps.seams, { seen: whole.row, changes: { answer: 'accepted' }, line })
    await noteSync(trx, entry.reservationId, { syncState: 'synchronized' })
    await finishChange(trx, entry, deps.seams.now())
  })
}

/** Outlook had its say, and nothing of ours is left to write; what was decided is in the timeline already. */
export function recordOverruled(deps: SyncDeps, going: Going): Promise<void> {
  return record(deps, going, { subState: 'overruled' }, async (trx) => {
    await finishChange(trx, going.entry, deps.seams.now())
  })
}

/** Nobody outside has to hear of it. */
export function recordNotRequired(deps: SyncDeps, going: Going): Promise<void> {
  return record(deps, going, { subState: 'not_required' }, async (trx) => {
    await finishChange(trx, going.entry, deps.seams.now())
  })
}

/** Made and shown, and on purpose not sent. */
export function recordNotSent(deps: SyncDeps, going: Going, exchange: Exchange): Promise<void> {
  return record(deps, going, { subState: 'no_request', exchange }, async (trx) => {
    const { entry } = going
    await noteSync(trx, entry.reservationId, { syncState: 'not_sent' })
    const sentence = 'This room is set to No request: what would be sent was worked out and not sent.'
    await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, kind: 'not_sent', sentence })
    await finishChange(trx, entry, deps.seams.now())
  })
}

export const deletedInOutlook = 'The meeting was deleted in Outlook, so the room was given back.'

/** Somebody deleted the meeting while a change of ours was on its way: the deletion stands. */
export function recordDeletedOutside(deps: SyncDeps, going: Going, requestId: string | null): Promise<void> {
  return record(deps, going, { subState: 'deleted_outside', requestId }, async (trx) => {
    const { entry, whole, acting } = going
    await forget(trx, deps, { reservationId: entry.reservationId, endedBy: 'outlook' })
    const line = {
      kind: 'deleted_in_outlook',
      sentence: deletedInOutlook,
      identity: acting?.identity ?? null,
      requestId,
    }
    await settleChange(trx, deps.seams, { seen: whole.row, to: 'cancelled', reason: deletedInOutlook, line })
    await finishChange(trx, entry, deps.seams.now())
  })
}

type Later = {
  failure: Extract<Failure, { is: 'later' }>
  inDoubt: boolean
  exchange?: Exchange
  subState?: SubState
}

/** Not now. Told once in the timeline, however often it is tried. */
export function recordLater(
  deps: SyncDeps,
  going: Going,
  { failure, inDoubt, exchange, subState = 'later' }: Later,
): Promise<void> {
  const { code, say, requestId, waitMs } = failure
  const outcome = { subState, requestId, problem: { code, say }, ...(exchange ? { exchange } : {}) }
  return record(deps, going, outcome, async (trx) => {
    const { entry, acting } = going
    const now = deps.seams.now()
    await updateLink(trx, entry.reservationId, {
      ...(inDoubt ? {} : { attempting_since: null }),
      last_error_code: code,
      last_error_say: say,
      updated_at: now,
    })
    await noteSync(trx, entry.reservationId, { syncState: 'synchronization_required' })
    await postponeChange(trx, entry, new Date(now.getTime() + waitMs))
    if (entry.attempts > 0) return
    const line = { kind: 'retry', sentence: say, identity: acting?.identity ?? null, requestId, details: { code } }
    await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, ...line })
  })
}

/** Only the person can help. The change waits for them and holds up nobody else. */
export function recordPermissionNeeded(
  deps: SyncDeps,
  going: Going,
  { credentialId, say }: { credentialId: string; say: string },
): Promise<void> {
  const outcome = { subState: 'waits_for_permission' as const, problem: { code: 'connections.sign_in_needed', say } }
  return record(deps, going, outcome, async (trx) => {
    const { entry, whole } = going
    const person = whole.row.requested_for_id
    if (person === null) throw new Error('nobody’s permission is waited for when nobody is known')
    await waitForPermission(trx, entry, person)
    await noteSync(trx, entry.reservationId, { syncState: 'synchronization_required' })
    await notePermissionNeeded(trx, deps.seams, { reservationId: entry.reservationId, credentialId, say })
  })
}

/**
 * Refused for good: visible, with the reason and the next step. A meeting that is in the calendar stays what it is there; one that never
 * got there has no room.
 */
export function recordRefused(
  deps: SyncDeps,
  going: Going,
  { code, say, requestId, exchange }: Extract<Failure, { is: 'refused' }> & { exchange?: Exchange },
): Promise<void> {
  const outcome = { subState: 'refused' as const, requestId, problem: { code, say }, ...(exchange ? { exchange } : {}) }
  return record(deps, going, outcome, async (trx) => {
    const { entry, whole, acting } = going
    const now = deps.seams.now()
    const changes = { attempting_since: null, last_error_code: code, last_error_say: say, next_look_at: null }
    await updateLink(trx, entry.reservationId, { ...changes, updated_at: now })
    await noteSync(trx, entry.reservationId, { syncState: 'failed' })
    const isCancel = whole.row.state === 'cancelled'
    const sentence = isCancel ? `Microsoft refused to cancel the meeting (${code}). Cancel it in Outlook.` : say
    const line = { kind: 'failed', sentence, identity: acting?.identity ?? null, requestId, details: { code } }
    if (isCancel || whole.row.in_calendar) {
      await recordHistory(trx, deps.seams, { reservationId: entry.reservationId, ...line })
    } else await settleChange(trx, deps.seams, { seen: whole.row, to: 'failed', reason: sentence, line })
    await finishChange(trx, entry, now)
  })
}

async function record(
  deps: SyncDeps,
  going: Going,
  outcome: Outcome,
  write: (trx: Database) => Promise<void>,
): Promise<void> {
  await transaction(deps.db, async (trx) => {
    await assertFence(trx, going.lease)
    await write(trx)
    const { seq } = going.entry
    await endSyncEvent(trx, { seq, now: deps.seams.now() }, { acting: going.acting ?? null, ...outcome })
  })
  const { row } = going.whole
  deps.publish({ topic: 'reservation', id: row.id, userId: row.requested_for_id })
  deps.publish({ topic: 'sync', id: going.entry.seq, userId: null })
}

const cleared = { attempts: 0, attempting_since: null, last_error_code: null, last_error_say: null }

type Forget = { reservationId: string; endedBy: 'here' | 'outlook' }

/** The event is gone for good: nothing to look at, nothing to write. */
async function forget(trx: Database, deps: SyncDeps, { reservationId, endedBy }: Forget): Promise<void> {
  const values = { ...cleared, ended_by: endedBy, next_look_at: null, updated_at: deps.seams.now() }
  await updateLink(trx, reservationId, values)
  await noteSync(trx, reservationId, { inCalendar: false, syncState: 'synchronized' })
}

function placeOf(event: GraphEvent) {
  return { event_id: event.id, i_cal_uid: event.iCalUId, etag: event['@odata.etag'] }
}

function sayWritten(whole: WholeReservation, how: WrittenEvent['how'], acting: Going['acting']) {
  const calendar = `the calendar of ${whose(whole, acting)}`
  if (how === 'changed') return { kind: 'event_changed', sentence: `The meeting was changed in ${calendar}.` }
  const again = how === 'found_again' ? ' An earlier attempt had worked, so it was not sent twice.' : ''
  return {
    kind: 'event_created',
    sentence: `The meeting was put in ${calendar}, and ${whole.room.name} was asked.${again}`,
  }
}

function whose({ row, requestedFor }: WholeReservation, acting: Going['acting']): string {
  return row.sync_mailbox === 'other' ? (acting?.mailbox ?? 'the delegated mailbox') : requestedFor.displayName
}
