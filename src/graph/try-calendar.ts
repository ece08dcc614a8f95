import { z } from 'zod'
import { call, type Graph } from './client.ts'
import type { Mailbox } from './events.ts'
import type { GraphOutcome } from './graph-problem.ts'

/*
 * Calls that find out what a permission is good for, and change nothing.
 */

export type Window = { from: Date; to: Date }

/** Can the calendar be read? One event's id at most comes back (user-list-calendarview). */
export function tryToRead(graph: Graph, mailbox: Mailbox, window: Window): Promise<GraphOutcome<unknown>> {
  const path = `${calendarOf(mailbox)}/calendarView?${windowQuery(window)}&$top=1&$select=id`
  return call(graph, { method: 'GET', path }, z.object({ value: z.array(z.unknown()) }))
}

/** Can its changes be followed? The first page of a delta query (event-delta). */
export function tryToFollow(graph: Graph, mailbox: Mailbox, window: Window): Promise<GraphOutcome<unknown>> {
  const path = `${calendarOf(mailbox)}/calendarView/delta?${windowQuery(window)}`
  return call(
    graph,
    { method: 'GET', path, prefer: ['odata.maxpagesize=1'] },
    z.object({ value: z.array(z.unknown()) }),
  )
}

/**
 * Could events be written? Asks to change nothing of an event that does not exist, in a version that never was (event-update). Permissions
 * are judged before the event is looked for, so that one without them is told so, and one with them that there is no such event.
 */
export async function tryToWrite(graph: Graph, mailbox: Mailbox): Promise<GraphOutcome<unknown>> {
  const path = `${calendarOf(mailbox)}/events/AAMkAnothing`
  const outcome = await call(graph, { method: 'PATCH', path, body: {}, ifMatch: 'W/"never"' }, z.unknown())
  const pastPermissions = outcome.is === 'problem' && noSuchEvent.has(outcome.code)
  return pastPermissions ? { is: 'ok', value: null, requestId: outcome.requestId } : outcome
}

const noSuchEvent: ReadonlySet<string> = new Set(['ErrorItemNotFound', 'ErrorInvalidIdMalformed'])

function calendarOf(mailbox: Mailbox): string {
  return mailbox.is === 'mine' ? '/v1.0/me' : `/v1.0/users/${encodeURIComponent(mailbox.address)}`
}

/** Both ends in UTC; an offset in the parameter is honoured whatever zone is preferred. */
function windowQuery({ from, to }: Window): string {
  const query = new URLSearchParams({ startDateTime: from.toISOString(), endDateTime: to.toISOString() })
  return query.toString()
}
