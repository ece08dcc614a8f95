import { reachToRead } from './access.ts'
import { collectionAnswer, entityAnswer, plainly } from './collection.ts'
import type { GraphAnswer, MailboxCall } from './graph-call.ts'
import { itemNotFound } from './graph-problem.ts'
import { mailboxRoutes, type Route } from './router.ts'

/** Every mailbox has its primary calendar and no other (Graph calendar-get, user-list-calendars). */
export const calendarRoutes: Route[] = [
  ...mailboxRoutes('GET', '/calendar', getCalendar),
  ...mailboxRoutes('GET', '/calendars', listCalendars),
  ...mailboxRoutes('GET', '/calendars/:calendar', getCalendar),
]

/** The primary calendar's id in a mailbox. */
export function calendarId(mailboxId: string): string {
  return `AAMkA${Buffer.from(`calendar:${mailboxId}`).toString('base64url')}AAA=`
}

/** Refuses the id of a calendar this mailbox does not have. */
export function refuseOtherCalendar({ params, mailbox }: MailboxCall): void {
  if (params.calendar !== undefined && params.calendar !== calendarId(mailbox.id)) throw itemNotFound()
}

function getCalendar(call: MailboxCall): GraphAnswer {
  return entityAnswer(call, calendarJson(call), `users('${call.mailbox.id}')/calendars`, ['id'])
}

function listCalendars(call: MailboxCall): GraphAnswer {
  const shape = { context: `users('${call.mailbox.id}')/calendars`, pageSize: 10, pageSizeMax: 1000, always: ['id'] }
  return collectionAnswer(call, plainly([calendarJson(call)]), shape)
}

function calendarJson({ tenant, token, mailbox }: MailboxCall): Record<string, unknown> {
  const { sight, writes } = reachToRead(tenant, token, mailbox)
  const isOwn = token.accountId === mailbox.id
  return {
    id: calendarId(mailbox.id),
    name: 'Calendar',
    color: 'auto',
    hexColor: '',
    isDefaultCalendar: true,
    changeKey: 'DwAAABYAAAAcalendar',
    canShare: isOwn,
    canViewPrivateItems: sight === 'everything',
    canEdit: writes,
    allowedOnlineMeetingProviders: [],
    defaultOnlineMeetingProvider: 'unknown',
    isTallyingResponses: true,
    isRemovable: false,
    owner: { name: mailbox.displayName, address: mailbox.mail },
  }
}
