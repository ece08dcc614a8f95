import { z } from 'zod'
import { call, type Graph } from './client.ts'
import { type EventDraft, type GraphEvent, graphEvent, graphEvents } from './event.ts'
import type { GraphOutcome } from './graph-problem.ts'

/** Whose primary calendar: the signed-in person's own, or another mailbox by its address. */
export type Mailbox = { is: 'mine' } | { is: 'of'; address: string }

/** An extended property that marks an event as ours ("singleValueLegacyExtendedProperty"); `id` is `String {guid} Name name`. */
export type Mark = { id: string; value: string }

const inUtc = 'outlook.timezone="UTC"'

/**
 * Makes an event in the primary calendar; invitations leave at once (user-post-events). Sent again with the same
 * `transactionId` it is refused with `ErrorDuplicateTransactionId` instead of making a second one.
 */
export function createEvent(graph: Graph, mailbox: Mailbox, draft: EventDraft): Promise<GraphOutcome<GraphEvent>> {
  return call(graph, { method: 'POST', path: eventsOf(mailbox), body: draft, prefer: [inUtc] }, graphEvent)
}

/** Reads an event by id, times in UTC, body as HTML (event-get). */
export function getEvent(graph: Graph, mailbox: Mailbox, id: string): Promise<GraphOutcome<GraphEvent>> {
  return call(graph, { method: 'GET', path: eventPath(mailbox, id), prefer: [inUtc] }, graphEvent)
}

/** The event that carries a mark, or null. Deleted ones are not found. Two would mean that a create happened twice. */
export async function findEventByMark(
  graph: Graph,
  mailbox: Mailbox,
  mark: Mark,
): Promise<GraphOutcome<GraphEvent | null>> {
  const filter = `singleValueExtendedProperties/Any(ep: ep/id eq ${quoted(mark.id)} and ep/value eq ${quoted(mark.value)})`
  const path = `${eventsOf(mailbox)}?$filter=${encodeURIComponent(filter)}&$top=2`
  const outcome = await call(graph, { method: 'GET', path, prefer: [inUtc] }, graphEvents)
  return outcome.is === 'ok' ? { ...outcome, value: outcome.value.value[0] ?? null } : outcome
}

/** The mailbox's copy of a meeting by the id that all its copies share, or null (event resource, `iCalUId`). */
export async function findEventByUid(
  graph: Graph,
  mailbox: Mailbox,
  iCalUId: string,
): Promise<GraphOutcome<GraphEvent | null>> {
  const path = `${eventsOf(mailbox)}?$filter=${encodeURIComponent(`iCalUId eq ${quoted(iCalUId)}`)}&$top=2`
  const outcome = await call(graph, { method: 'GET', path, prefer: [inUtc] }, graphEvents)
  return outcome.is === 'ok' ? { ...outcome, value: outcome.value.value[0] ?? null } : outcome
}

/** Declines for the owner of the mailbox, as a room's delegate does: the organizer is told, and the copy goes (event-decline). */
export function declineEvent(
  graph: Graph,
  mailbox: Mailbox,
  { id, comment }: { id: string; comment: string },
): Promise<GraphOutcome<unknown>> {
  const body = { comment, sendResponse: true }
  return call(graph, { method: 'POST', path: `${eventPath(mailbox, id)}/decline`, body }, z.unknown())
}

/** Changes what is named and nothing else (event-update). A stale etag is refused with 412. */
export function patchEvent(
  graph: Graph,
  mailbox: Mailbox,
  { id, etag, changes }: { id: string; etag: string; changes: Partial<EventDraft> },
): Promise<GraphOutcome<GraphEvent>> {
  const path = eventPath(mailbox, id)
  return call(graph, { method: 'PATCH', path, body: changes, ifMatch: etag, prefer: [inUtc] }, graphEvent)
}

/** Cancels as the organizer: everyone invited is told, the event goes to Deleted Items (event-cancel). */
export function cancelEvent(
  graph: Graph,
  mailbox: Mailbox,
  { id, comment }: { id: string; comment: string },
): Promise<GraphOutcome<unknown>> {
  return call(graph, { method: 'POST', path: `${eventPath(mailbox, id)}/cancel`, body: { comment } }, z.unknown())
}

/** Deletes an event; the organizer's deletion sends cancellations (event-delete). */
export function deleteEvent(graph: Graph, mailbox: Mailbox, id: string): Promise<GraphOutcome<unknown>> {
  return call(graph, { method: 'DELETE', path: eventPath(mailbox, id) }, z.unknown())
}

function eventsOf(mailbox: Mailbox): string {
  return `${ownerPath(mailbox)}/events`
}

/** `/v1.0/me` or `/v1.0/users/{address}`. */
export function ownerPath(mailbox: Mailbox): string {
  return `/v1.0/${mailbox.is === 'mine' ? 'me' : `users/${encodeURIComponent(mailbox.address)}`}`
}

function eventPath(mailbox: Mailbox, id: string): string {
  return `${eventsOf(mailbox)}/${encodeURIComponent(id)}`
}

/** OData string literal: quotes are doubled (OData 4.01 URL conventions, section 5.1.1.6.1). */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
