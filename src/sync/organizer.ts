import type { GraphEvent } from '#graph/event.ts'
import { findEventByMark, findEventByUid, getEvent, type Mailbox } from '#graph/events.ts'
import type { GraphOutcome, GraphProblem } from '#graph/graph-problem.ts'
import type { Urgency } from '#pace/pace.ts'
import { type Acting, actAsPerson, actAsSystem, mailboxFor, type NotActing } from '#providers/acting.ts'
import type { Provider } from '#providers/room-sync.ts'
import type { OutboxEntry } from '#reservations/outbox.ts'
import type { WholeReservation } from '#reservations/reservation.ts'
import type { SyncDeps } from './deps.ts'
import { markOf } from './event-draft.ts'
import type { LinkRow } from './link-queries.ts'
import { writerOf } from './mode.ts'

/** Whose calendar a meeting is in, and with whose permission it is written or read. */
export type Organizer = { is: 'ready'; acting: Acting; mailbox: Mailbox; address: string }

export type NoOrganizer = NotActing | { is: 'nobody'; say: string }

type Wanted = {
  entry: Pick<OutboxEntry, 'actorId' | 'source'>
  whole: WholeReservation
  link: LinkRow
  provider: Provider
}

/** The identity that today's rules name for carrying out a change, or why there is none. */
export async function organizerFor(
  deps: SyncDeps,
  { entry, whole, link, provider }: Wanted,
): Promise<Organizer | NoOrganizer> {
  const { row, requestedFor } = whole
  const mailbox = row.sync_mailbox ?? 'user'
  const writer = writerOf(provider, { mailbox, actorId: entry.actorId, source: entry.source, requestedFor })
  if (writer.is === 'nobody') return writer
  const acting = writer.is === 'personal' ? await actAsPerson(deps, writer.userId) : await actAsSystem(deps, provider)
  return acting.is === 'ready' ? at(acting, addressOf({ whole, link }, provider)) : acting
}

/**
 * Who may read this organizer's calendar without anybody having asked for it: the application any of the organisation's, the delegated
 * mailbox its own. Nobody's personal token is used for that.
 */
export async function readerFor(
  deps: SyncDeps,
  { provider, address, urgency }: { provider: Provider; address: string; urgency?: Urgency },
): Promise<Organizer | null> {
  const acting = await actAsSystem(deps, provider, urgency)
  if (acting.is !== 'ready') return null
  const isOwn = acting.address?.toLowerCase() === address.toLowerCase()
  return acting.actsAs === 'application' || isOwn ? at(acting, address) : null
}

function at(acting: Acting, address: string): Organizer {
  return { is: 'ready', acting, mailbox: mailboxFor(acting, address), address }
}

/**
 * The mailbox whose event it is. A meeting that the delegated mailbox organises stays there, whatever mode or mailbox the provider has today:
 * in any other calendar there is a copy at most. `link` is null before there is one.
 */
export function addressOf(
  { whole: { row, requestedFor }, link }: { whole: WholeReservation; link: LinkRow | null },
  provider: Provider,
): string {
  if (row.sync_mailbox !== 'other') return requestedFor.email
  if (link !== null && mayBeThere(link)) return link.mailbox
  return provider.delegatedUserEmail ?? requestedFor.email
}

/** An event was made, or may have been. */
function mayBeThere(link: LinkRow): boolean {
  return link.event_id !== null || link.attempting_since !== null || link.born_outside
}

/** The event of a link, or null when it is gone: not found by its id, and not by its iCalUId or our mark either. */
export async function readLinked(
  { acting: { graph }, mailbox }: Organizer,
  link: Pick<LinkRow, 'reservation_id' | 'event_id' | 'i_cal_uid'>,
): Promise<GraphOutcome<GraphEvent | null>> {
  if (link.event_id !== null) {
    const read = await getEvent(graph, mailbox, link.event_id)
    if (read.is === 'ok' || !isItemNotFound(read)) return read
  }
  if (link.i_cal_uid !== null) return findEventByUid(graph, mailbox, link.i_cal_uid)
  return findEventByMark(graph, mailbox, markOf(link.reservation_id))
}

/** The item is not there, as against a mailbox that is not there. */
export function isItemNotFound({ status, code }: GraphProblem): boolean {
  return status === 404 && !noMailbox.has(code)
}

export const noMailbox: ReadonlySet<string> = new Set([
  'ResourceNotFound',
  'Request_ResourceNotFound',
  'ErrorInvalidUser',
  'ErrorNonExistentMailbox',
  'MailboxNotEnabledForRESTAPI',
])
