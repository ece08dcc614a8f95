import { itemsIn } from '../exchange/mailbox.ts'
import { reachToRead } from './access.ts'
import { eventPage } from './events.ts'
import type { GraphAnswer, MailboxCall } from './graph-call.ts'
import { mailboxRoutes, type Route } from './router.ts'
import { overlaps, readTimeWindow } from './time-window.ts'

/** What overlaps a window of time, by start (Graph user-list-calendarview); ten a page unless asked otherwise. */
export const calendarViewRoutes: Route[] = [
  '/calendarView',
  '/calendar/calendarView',
  '/calendars/:calendar/calendarView',
].flatMap((path) => mailboxRoutes('GET', path, calendarView))

function calendarView(call: MailboxCall): GraphAnswer {
  const { sight } = reachToRead(call.tenant, call.token, call.mailbox)
  const window = readTimeWindow(call)
  const items = itemsIn(call.tenant, call.mailbox.id).filter((item) => overlaps(item, window))
  return eventPage(
    call,
    items.toSorted((one, other) => (one.startsAt < other.startsAt ? -1 : 1)),
    sight,
  )
}
