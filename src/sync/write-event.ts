import type { EventDraft, GraphEvent } from '#graph/event.ts'
import { cancelEvent, createEvent, deleteEvent, findEventByMark, findEventByUid, patchEvent } from '#graph/events.ts'
import { type GraphOutcome, type GraphProblem, leavesDoubt } from '#graph/graph-problem.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import { eventDraft, markOf } from './event-draft.ts'
import type { LinkRow } from './link-queries.ts'
import type { Organizer } from './organizer.ts'
import type { Exchange } from './sync-event.ts'

/** What bringing an event to its reservation came to. */
export type Written =
  | {
      is: 'written'
      how: 'created' | 'found_again' | 'changed' | 'unchanged'
      event: GraphEvent
      requestId: string | null
      exchange: Exchange
    }
  /** The meeting is not in the calendar, as it should be. */
  | { is: 'removed'; requestId: string | null; exchange: Exchange }
  /** The meeting should be there, but somebody deleted or cancelled it in Outlook. */
  | { is: 'deleted_outside'; requestId: string | null }
  | { is: 'not_written'; problem: GraphProblem; inDoubt: boolean; exchange: Exchange }

export type Write = {
  organizer: Organizer
  whole: WholeReservation
  link: LinkRow
  /** Writes down, durably, that a create is about to be sent. */
  markAttempt: () => Promise<void>
}

/**
 * Makes the event, once however often it is called. After an attempt whose end nobody saw the event is looked up by its mark before
 * anything is sent again, and a create carries the same `transactionId` for ever, so that there is one event at most.
 */
export async function makeEvent(write: Write): Promise<Written> {
  const { organizer, whole, link, markAttempt } = write
  const draft = eventDraft(whole)
  if (link.attempting_since !== null) {
    const found = await lookUp(write)
    if (found.is === 'problem') return notWritten(found, { inDoubt: true, payload: draft })
    if (found.value) return written('found_again', found.value, { requestId: found.requestId, payload: draft })
  }
  await markAttempt()
  const created = await createEvent(organizer.acting.graph, organizer.mailbox, draft)
  if (created.is === 'ok') return written('created', created.value, { requestId: created.requestId, payload: draft })
  return isDuplicate(created) ? adopt(write, created, draft) : notWritten(created, { payload: draft })
}

const attemptsBeforeGone = 4

/**
 * Graph says that this very event was made before. So it is there, or it will be found in a moment, or a person has deleted it
 * since; then their deletion stands.
 */
async function adopt(write: Write, duplicate: GraphProblem, draft: EventDraft): Promise<Written> {
  const found = await lookUp(write)
  if (found.is === 'problem') return notWritten(found, { inDoubt: true, payload: draft })
  if (found.value) return written('found_again', found.value, { requestId: found.requestId, payload: draft })
  if (write.link.attempts >= attemptsBeforeGone) return { is: 'deleted_outside', requestId: duplicate.requestId }
  return notWritten({ ...duplicate, status: 503 }, { inDoubt: true, payload: draft })
}

/** Changes the event under the etag that was read; null when somebody was faster, and it has to be read again. */
export async function changeEvent(
  { acting, mailbox }: Organizer,
  { event, changes }: { event: GraphEvent; changes: Partial<EventDraft> },
): Promise<Written | null> {
  if (Object.keys(changes).length === 0) return written('unchanged', event, { requestId: null, payload: {} })
  const patched = await patchEvent(acting.graph, mailbox, { id: event.id, etag: event['@odata.etag'], changes })
  if (patched.is === 'ok') return written('changed', patched.value, { requestId: patched.requestId, payload: changes })
  return isStale(patched) ? null : notWritten(patched, { payload: changes })
}

/** How long a create that was cut off may still be on its way at Microsoft. */
const inFlightMs = 30_000

/** Takes the meeting out of the calendar; what is not there is out of it. */
export async function removeEvent(write: Write): Promise<Written> {
  const { organizer, link } = write
  if (link.event_id !== null) return cancel(write, link.event_id)
  if (link.attempting_since === null && link.i_cal_uid === null) return removed(null)
  const found = await lookUp(write)
  if (found.is === 'problem') return notWritten(found, { inDoubt: true })
  if (found.value) return cancel(write, found.value.id)
  if (link.attempting_since === null) return removed(found.requestId)
  const waitedMs = organizer.acting.graph.now().getTime() - link.attempting_since.getTime()
  if (waitedMs >= inFlightMs) return removed(found.requestId)
  const problem = { status: 0, code: 'create_in_doubt', message: '', retryAfterMs: inFlightMs - waitedMs }
  return notWritten({ is: 'problem', ...problem, requestId: found.requestId }, { inDoubt: true })
}

async function cancel({ organizer, whole }: Write, id: string): Promise<Written> {
  const { graph } = organizer.acting
  const comment = whole.row.state_reason ?? ''
  const cancelled = await cancelEvent(graph, organizer.mailbox, { id, comment })
  // Without anybody invited there is no meeting to cancel, only an appointment to delete.
  const outcome = isPlainRefusal(cancelled) ? await deleteEvent(graph, organizer.mailbox, id) : cancelled
  if (outcome.is === 'ok' || outcome.status === 404) return removed(outcome.requestId, { comment })
  return notWritten(outcome, { payload: { comment } })
}

/** The event by the id that all copies share where it is known, or else by our mark. */
function lookUp({ organizer, whole, link }: Write): Promise<GraphOutcome<GraphEvent | null>> {
  const { graph } = organizer.acting
  if (link.i_cal_uid !== null) return findEventByUid(graph, organizer.mailbox, link.i_cal_uid)
  return findEventByMark(graph, organizer.mailbox, markOf(whole.row.id))
}

type Sent = { requestId: string | null; payload: object }

function written(how: 'created' | 'found_again' | 'changed' | 'unchanged', event: GraphEvent, sent: Sent): Written {
  const { id, iCalUId, '@odata.etag': etag } = event
  const exchange = { payload: { ...sent.payload }, response: { id, iCalUId, etag } }
  return { is: 'written', how, event, requestId: sent.requestId, exchange }
}

function removed(requestId: string | null, payload: Record<string, unknown> | null = null): Written {
  return { is: 'removed', requestId, exchange: { payload, response: null } }
}

export function notWritten(
  problem: GraphProblem,
  { inDoubt = leavesDoubt(problem), payload }: { inDoubt?: boolean; payload?: object } = {},
): Written {
  const { status, code, message, requestId } = problem
  const exchange = { ...(payload ? { payload: { ...payload } } : {}), response: { status, code, message, requestId } }
  return { is: 'not_written', problem, inDoubt, exchange }
}

/** Reported with status 400 by some tenants and 409 by others. */
function isDuplicate({ code }: GraphProblem): boolean {
  return code === 'ErrorDuplicateTransactionId'
}

function isStale({ status }: GraphProblem): boolean {
  return status === 412 || status === 409
}

function isPlainRefusal(outcome: GraphOutcome<unknown>): boolean {
  return outcome.is === 'problem' && outcome.status === 400
}
