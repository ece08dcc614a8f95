import { itemsIn } from '../exchange/mailbox.ts'
import { instantOfBound } from '../exchange/time-zones.ts'
import { reachToRead } from './access.ts'
import { eventPage } from './events.ts'
import type { GraphAnswer, MailboxCall } from './graph-call.ts'
import { GraphProblem } from './graph-problem.ts'
import { mailboxRoutes, type Route } from './router.ts'

/** What overlaps a window of time, by start (Graph user-list-calendarview); ten a page unless asked otherwise. */
export const calendarViewRoutes: Route[] = [
  '/calendarView',
  '/calendar/calendarView',
  '/calendars/:calendar/calendarView',
].flatMap((path) => mailboxRoutes('GET', path, calendarView))

function calendarView(call: MailboxCall): GraphAnswer {
  const { sight } = reachToRead(call.tenant, call.token, call.mailbox)
  const from = bound(call, 'startdatetime')
  const to = bound(call, 'enddatetime')
  const items = itemsIn(call.tenant, call.mailbox.id).filter((item) => overlaps(item, from, to))
  return eventPage(
    call,
    items.toSorted((one, other) => (one.startsAt < other.startsAt ? -1 : 1)),
    sight,
  )
}

/** An event that takes no time is in the window it starts in. */
function overlaps(item: { startsAt: string; endsAt: string }, from: string, to: string): boolean {
  if (item.startsAt === item.endsAt) return from <= item.startsAt && item.startsAt < to
  return item.startsAt < to && from < item.endsAt
}

/** A bound's offset is honoured and none is UTC, whatever zone was preferred for the answer. */
function bound(call: MailboxCall, name: string): string {
  const text = call.query.parameters.get(name)
  // A plus sign that nobody encoded arrives as a space.
  const instant = text === undefined ? null : instantOfBound(text.replace(/ (\d\d:\d\d)$/, '+$1'))
  if (instant !== null) return instant
  const message =
    'This request requires a time window specified by the query string parameters StartDateTime and EndDateTime.'
  throw new GraphProblem(400, 'ErrorInvalidParameter', message)
}
