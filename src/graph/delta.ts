import { type CalendarPage, readCalendarPage } from './calendar-page.ts'
import { type TimeWindow, windowQuery } from './calendar-view.ts'
import type { Graph } from './client.ts'
import type { Mailbox } from './events.ts'
import type { GraphOutcome, GraphProblem } from './graph-problem.ts'
import { mailboxPath } from './mailbox-path.ts'

/** Larger pages were seen to time out. */
const pageSize = 50

/** Path and query of a full round over a window. The window is frozen in every link that follows (event-delta). */
export function startOfRound(mailbox: Mailbox, window: TimeWindow): string {
  return `${listPathOf(mailbox)}?${windowQuery(window)}`
}

/**
 * One page of a round: everything in the window at first, afterwards what changed since. `path` is the start of a round, or what a page
 * before named as its next page or end. A page that names neither is the problem `unreadable`.
 */
export async function readChanges(graph: Graph, mailbox: Mailbox, path: string): Promise<GraphOutcome<CalendarPage>> {
  const prefer = [`odata.maxpagesize=${pageSize}`]
  const outcome = await readCalendarPage(graph, { path, listPath: listPathOf(mailbox), prefer })
  if (outcome.is === 'problem' || outcome.value.next !== null || outcome.value.end !== null) return outcome
  const message = 'The page names neither the next one nor the end of the round.'
  return { is: 'problem', status: 200, code: 'unreadable', message, requestId: outcome.requestId, retryAfterMs: null }
}

/** The link is no longer good for anything: begin a full round (delta-query-overview, "Synchronization reset"). */
export function isLinkGone({ status, code }: GraphProblem): boolean {
  return status === 410 || (status >= 400 && status < 500 && goneCodes.has(code.toLowerCase()))
}

/** Documentation and service write them in different letters. */
const goneCodes = new Set(['syncstatenotfound', 'resyncrequired', 'syncstateinvalid'])

function listPathOf(mailbox: Mailbox): string {
  return `${mailboxPath(mailbox)}/calendarView/delta`
}
