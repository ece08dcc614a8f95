import { etagOf, ifMatchAllows } from '../exchange/change-keys.ts'
import { looksLikeItemId } from '../exchange/item-ids.ts'
import { cancelEvent, createEvent, deleteEvent, itemIn, itemsIn, updateEvent } from '../exchange/mailbox.ts'
import type { EventItem } from '../model.ts'
import { type Reach, reachToRead, reachToWrite } from './access.ts'
import { collectionAnswer, entityAnswer } from './collection.ts'
import { readChanges, readDraft } from './event-input.ts'
import { eventJson, plainReading } from './event-output.ts'
import { asSeen } from './event-sight.ts'
import { expandedProperties, readExpandedProperties } from './extended-properties.ts'
import type { GraphAnswer, MailboxCall } from './graph-call.ts'
import { GraphProblem, invalidRequest, itemNotFound } from './graph-problem.ts'
import { mailboxRoutes, type Route } from './router.ts'

const keptBySelect = ['id', 'singleValueExtendedProperties']

/** The event resource (Graph v1.0 event-list, -get, -post, -update, -delete, -cancel) below a mailbox and its calendars. */
export const eventRoutes: Route[] = ['/events', '/calendar/events', '/calendars/:calendar/events'].flatMap((path) => [
  ...mailboxRoutes('GET', path, listEvents),
  ...mailboxRoutes('POST', path, postEvent),
  ...mailboxRoutes('GET', `${path}/:event`, getEvent),
  ...mailboxRoutes('PATCH', `${path}/:event`, patchEvent),
  ...mailboxRoutes('DELETE', `${path}/:event`, removeEvent),
  ...mailboxRoutes('POST', `${path}/:event/cancel`, cancel),
])

/** The item a path names, for a caller who may see it; otherwise it is not found, as if it were another mailbox's. */
export function namedItem({ tenant, mailbox, params }: MailboxCall): EventItem {
  const id = params.event ?? ''
  const item = itemIn(tenant, mailbox.id, id)
  if (item !== undefined) return item
  throw looksLikeItemId(id) ? itemNotFound() : new GraphProblem(400, 'ErrorInvalidIdMalformed', 'Id is malformed.')
}

/** A page of events. `$filter` and `$orderby` read times in UTC whatever zone was preferred, and every extended property. */
export function eventPage(call: MailboxCall, items: EventItem[], sight: Reach['sight']): GraphAnswer {
  const expanded = readExpandedProperties(call.query.expand)
  const members = items.map((item) => {
    const seen = asSeen(item, sight)
    const { singleValueExtendedProperties } = seen
    return {
      row: () => ({ ...eventJson(seen, call.preferences), ...expandedProperties(seen, expanded) }),
      facts: () => ({ ...eventJson(seen, plainReading), singleValueExtendedProperties }),
    }
  })
  return collectionAnswer(call, members, {
    context: contextOf(call),
    pageSize: 10,
    pageSizeMax: 1000,
    always: keptBySelect,
  })
}

function listEvents(call: MailboxCall): GraphAnswer {
  const { sight } = reachToRead(call.tenant, call.token, call.mailbox)
  return eventPage(call, itemsIn(call.tenant, call.mailbox.id).reverse(), sight)
}

function postEvent(call: MailboxCall): GraphAnswer {
  const { sight } = reachToWrite(call.tenant, call.token, call.mailbox)
  const creation = createEvent(call.tenant, call.mailbox, readDraft(call))
  if (creation.is === 'created') return { ...eventAnswer(call, creation.item, sight), status: 201 }
  throw new GraphProblem(
    409,
    'ErrorDuplicateTransactionId',
    `The transactionId '${creation.item.transactionId}' has already been used to create a different event.`,
  )
}

function getEvent(call: MailboxCall): GraphAnswer {
  const { sight } = reachToItem(call)
  return eventAnswer(call, namedItem(call), sight)
}

function patchEvent(call: MailboxCall): GraphAnswer {
  const { sight } = reachToWrite(call.tenant, call.token, call.mailbox)
  const item = unchangedItem(call)
  return eventAnswer(call, updateEvent(call.tenant, item, readChanges(call, item)), sight)
}

function removeEvent(call: MailboxCall): GraphAnswer {
  reachToWrite(call.tenant, call.token, call.mailbox)
  deleteEvent(call.tenant, unchangedItem(call))
  return { status: 204 }
}

function cancel(call: MailboxCall): GraphAnswer {
  reachToWrite(call.tenant, call.token, call.mailbox)
  const item = unchangedItem(call)
  if (!item.isOrganizer) throw invalidRequest('You need to be an organizer to cancel a meeting.')
  cancelEvent(call.tenant, item)
  return { status: 202 }
}

/** Without rights on the folder a single item is not refused but not found, as developers meet it. */
function reachToItem(call: MailboxCall): Reach {
  try {
    return reachToRead(call.tenant, call.token, call.mailbox)
  } catch (problem) {
    if (problem instanceof GraphProblem && problem.code === 'DelegatedCalendarAccessDenied') throw itemNotFound()
    throw problem
  }
}

function unchangedItem(call: MailboxCall): EventItem {
  const item = namedItem(call)
  if (ifMatchAllows(call.request.headers.get('if-match') ?? undefined, item)) return item
  const message =
    "The send or update operation could not be performed because the change key passed in the request doesn't match the current change key for the item."
  throw new GraphProblem(412, 'ErrorIrresolvableConflict', message)
}

function eventAnswer(call: MailboxCall, item: EventItem, sight: Reach['sight']): GraphAnswer {
  const expanded = readExpandedProperties(call.query.expand)
  const seen = asSeen(item, sight)
  const row = { ...eventJson(seen, call.preferences), ...expandedProperties(seen, expanded) }
  const answer = entityAnswer(call, row, contextOf(call), keptBySelect)
  const location = `${call.root}/users('${call.mailbox.id}')/events('${row.id}')`
  return { ...answer, headers: { etag: etagOf(item), ...(call.request.method === 'POST' ? { location } : {}) } }
}

function contextOf({ mailbox }: MailboxCall): string {
  return `users('${encodeURIComponent(mailbox.id)}')/events`
}
