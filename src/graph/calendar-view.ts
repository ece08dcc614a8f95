import { z } from 'zod'
import { type CalendarItem, calendarItem } from './calendar-copy.ts'
import { type CalendarPage, readCalendarPage } from './calendar-page.ts'
import { call, type Graph } from './client.ts'
import type { Mailbox } from './events.ts'
import type { GraphOutcome, GraphProblem } from './graph-problem.ts'
import { mailboxPath } from './mailbox-path.ts'

/** Both ends are instants; the end is outside. */
export type TimeWindow = { startsAt: Date; endsAt: Date }

/** Fewer round trips than Graph's ten; larger pages were seen to fail. */
const pageSize = 100

/** More than any room has in a year; whoever sends more sends the same again and again. */
const pagesMax = 400

/**
 * Everything that overlaps a window of a mailbox's primary calendar, occurrences one by one, times in UTC
 * (user-list-calendarview). Pages are counted by position, so what moves meanwhile may be missed or come twice: what is missing has to be
 * asked for by its id.
 */
export async function readCalendarView(
  graph: Graph,
  mailbox: Mailbox,
  window: TimeWindow,
): Promise<GraphOutcome<CalendarItem[]>> {
  const listPath = `${mailboxPath(mailbox)}/calendarView`
  const items: CalendarItem[] = []
  const seen = new Set<string>()
  let path: string | null = `${listPath}?${windowQuery(window)}&$top=${pageSize}`
  let requestId: string | null = null
  while (path !== null) {
    const outcome: GraphOutcome<CalendarPage> = await readCalendarPage(graph, { path, listPath, prefer: [] })
    if (outcome.is === 'problem') return outcome
    if (seen.size === pagesMax || seen.has(path)) return endless(outcome.requestId)
    seen.add(path)
    items.push(...outcome.value.items)
    path = outcome.value.next
    requestId = outcome.requestId
  }
  return { is: 'ok', value: items, requestId }
}

/** One event of a mailbox by its id, as its owner has it; null when there is none of that id (event-get). */
export async function readCopy(graph: Graph, mailbox: Mailbox, id: string): Promise<GraphOutcome<CalendarItem | null>> {
  const path = `${mailboxPath(mailbox)}/events/${encodeURIComponent(id)}`
  const outcome = await call(graph, { method: 'GET', path, prefer: ['outlook.timezone="UTC"'] }, z.unknown())
  if (outcome.is === 'ok') return { ...outcome, value: calendarItem(outcome.value) }
  return isNoSuchItem(outcome) ? { is: 'ok', value: null, requestId: outcome.requestId } : outcome
}

export function windowQuery({ startsAt, endsAt }: TimeWindow): string {
  return `startDateTime=${startsAt.toISOString()}&endDateTime=${endsAt.toISOString()}`
}

/** There is no such event in this mailbox, which itself is there (graph-errors; Exchange's ResponseCode). */
function isNoSuchItem({ status, code }: GraphProblem): boolean {
  return status === 404 && code === 'ErrorItemNotFound'
}

function endless(requestId: string | null): GraphProblem {
  const message = 'The list of the calendar does not come to an end.'
  return { is: 'problem', status: 200, code: 'endless_pages', message, requestId, retryAfterMs: null }
}
