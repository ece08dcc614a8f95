import type { GraphEvent } from '#graph/event.ts'
import { cancelEvent, createEvent, deleteEvent, findEventByMark, getEvent, patchEvent } from '#graph/events.ts'
import { type GraphOutcome, type GraphProblem, leavesDoubt } from '#graph/graph-problem.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import { changesTo, readAgreement } from './agreed.ts'
import { eventDraft, markOf } from './event-draft.ts'
import type { LinkRow } from './link-queries.ts'
import type { Organizer } from './organizer.ts'

/** What bringing an event to its reservation came to. */
export type Written =
  | {
      is: 'written'
      how: 'created' | 'found_again' | 'changed' | 'unchanged'
      event: GraphEvent
      requestId: string | null
    }
  /** The meeting is not in the calendar, as it should be. */
  | { is: 'removed'; requestId: string | null }
  /** The meeting should be there, but somebody deleted or cancelled it in Outlook. */
  | { is: 'deleted_outside'; requestId: string | null }
  | { is: 'not_written'; problem: GraphProblem; inDoubt: boolean }

export type Write = {
  organizer: Organizer
  whole: WholeReservation
  link: LinkRow
  /** Writes down, durably, that a create is about to be sent. */
  markAttempt: () => Promise<void>
}

/**
 * Brings the organizer's event to the reservation's present state, however often it is called. After an attempt whose end
 * nobody saw the event is looked up by its mark before anything is sent again, and a create carries the same `transactionId`
 * for ever, so that there is one event at most.
 */
export function writeEvent(write: Write): Promise<Written> {
  if (write.whole.row.state === 'cancelled') return removeEvent(write)
  return write.link.event_id === null ? makeEvent(write) : changeEvent(write, write.link.event_id)
}

async function makeEvent(write: Write): Promise<Written> {
  const { organizer, whole, link, markAttempt } = write
  if (link.attempting_since !== null) {
    const found = await lookUp(write)
    if (found.is === 'problem') return notWritten(found, true)
    if (found.value) return { is: 'written', how: 'found_again', event: found.value, requestId: found.requestId }
  }
  await markAttempt()
  const created = await createEvent(organizer.graph, organizer.mailbox, eventDraft(whole))
  if (created.is === 'ok') return { is: 'written', how: 'created', event: created.value, requestId: created.requestId }
  return isDuplicate(created) ? adopt(write, created) : notWritten(created)
}

const attemptsBeforeGone = 4

/**
 * Graph says that this very event was made before. So it is there, or it will be found in a moment, or a person has deleted it
 * since; then their deletion stands.
 */
async function adopt(write: Write, duplicate: GraphProblem): Promise<Written> {
  const found = await lookUp(write)
  if (found.is === 'problem') return notWritten(found, true)
  if (found.value) return { is: 'written', how: 'found_again', event: found.value, requestId: found.requestId }
  if (write.link.attempts >= attemptsBeforeGone) return { is: 'deleted_outside', requestId: duplicate.requestId }
  return { is: 'not_written', problem: { ...duplicate, status: 503 }, inDoubt: true }
}

const rereadsMax = 3

/** Reads, then writes what differs under the etag that was read. Somebody who is faster makes us read again. */
async function changeEvent(write: Write, eventId: string): Promise<Written> {
  const { organizer, whole, link } = write
  const { graph, mailbox } = organizer
  for (let reread = 0; ; reread++) {
    const read = await readEvent(write, eventId)
    if (read.is === 'problem') return notWritten(read)
    if (read.value === null || read.value.isCancelled) return { is: 'deleted_outside', requestId: read.requestId }
    const event = read.value
    const changes = changesTo(event, whole, readAgreement(link.digest))
    if (Object.keys(changes).length === 0) {
      return { is: 'written', how: 'unchanged', event, requestId: read.requestId }
    }
    const patched = await patchEvent(graph, mailbox, { id: event.id, etag: event['@odata.etag'], changes })
    if (patched.is === 'ok') {
      return { is: 'written', how: 'changed', event: patched.value, requestId: patched.requestId }
    }
    if (patched.status !== 412 && patched.status !== 409) return notWritten(patched)
    if (reread === rereadsMax) return notWritten({ ...patched, status: 503 })
  }
}

/** How long a create that was cut off may still be on its way at Microsoft. */
const inFlightMs = 30_000

async function removeEvent(write: Write): Promise<Written> {
  const { organizer, link } = write
  if (link.event_id !== null) return cancel(write, link.event_id)
  if (link.attempting_since === null) return { is: 'removed', requestId: null }
  const found = await lookUp(write)
  if (found.is === 'problem') return notWritten(found, true)
  if (found.value) return cancel(write, found.value.id)
  const waitedMs = organizer.graph.now().getTime() - link.attempting_since.getTime()
  if (waitedMs >= inFlightMs) return { is: 'removed', requestId: found.requestId }
  const problem = {
    is: 'problem' as const,
    status: 0,
    code: 'create_in_doubt',
    message: '',
    retryAfterMs: inFlightMs - waitedMs,
  }
  return { is: 'not_written', problem: { ...problem, requestId: found.requestId }, inDoubt: true }
}

async function cancel({ organizer, whole }: Write, id: string): Promise<Written> {
  const { graph, mailbox } = organizer
  const comment = whole.row.state_reason ?? ''
  const cancelled = await cancelEvent(graph, mailbox, { id, comment })
  // Without anybody invited there is no meeting to cancel, only an appointment to delete.
  const outcome = isPlainRefusal(cancelled) ? await deleteEvent(graph, mailbox, id) : cancelled
  if (outcome.is === 'ok' || outcome.status === 404) return { is: 'removed', requestId: outcome.requestId }
  return notWritten(outcome)
}

/** The event, or null when it is gone: 404, and not to be found by its mark either. */
export async function readEvent(
  write: Pick<Write, 'organizer' | 'whole'>,
  eventId: string,
): Promise<GraphOutcome<GraphEvent | null>> {
  const { graph, mailbox } = write.organizer
  const read = await getEvent(graph, mailbox, eventId)
  return read.is === 'problem' && read.status === 404 ? lookUp(write) : read
}

function lookUp({ organizer, whole }: Pick<Write, 'organizer' | 'whole'>): Promise<GraphOutcome<GraphEvent | null>> {
  return findEventByMark(organizer.graph, organizer.mailbox, markOf(whole.row.id))
}

function notWritten(problem: GraphProblem, inDoubt = leavesDoubt(problem)): Written {
  return { is: 'not_written', problem, inDoubt }
}

/** Reported with status 400 by some tenants and 409 by others. */
function isDuplicate({ code }: GraphProblem): boolean {
  return code === 'ErrorDuplicateTransactionId'
}

function isPlainRefusal(outcome: GraphOutcome<unknown>): boolean {
  return outcome.is === 'problem' && outcome.status === 400
}
