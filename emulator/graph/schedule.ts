import type { ScheduleInformation, ScheduleItem } from '@microsoft/microsoft-graph-types'
import { z } from 'zod'
import { availabilityView, busyItems } from '../exchange/free-busy.ts'
import { itemsIn } from '../exchange/mailbox.ts'
import { instantOf, wallTime } from '../exchange/time-zones.ts'
import type { EventItem, User } from '../model.ts'
import { calendarReach, calendarRole, holdsAny, type Sight } from './access.ts'
import type { GraphAnswer, MailboxCall } from './graph-call.ts'
import { accessDenied, GraphProblem, invalidRequest } from './graph-problem.ts'
import { parseBody } from './request-body.ts'
import { mailboxRoutes, type Route } from './router.ts'

const time = z.object({ datetime: z.string(), timezone: z.string().nullish() })
const question = z.object({
  schedules: z.array(z.string()),
  starttime: time,
  endtime: time,
  availabilityviewinterval: z.number().nullish(),
})

const longestWindowMs = 62 * 86_400_000
const calendarScopes = ['Calendars.Read', 'Calendars.ReadWrite', 'Calendars.Read.Shared', 'Calendars.ReadWrite.Shared']

/** Free and busy times of people and rooms (Graph calendar-getschedule). */
export const scheduleRoutes: Route[] = ['/calendar', '/calendars/:calendar'].flatMap((path) =>
  mailboxRoutes('POST', `${path}/getSchedule`, getSchedule),
)

type Window = { from: string; to: string; slotMinutes: number }

function getSchedule(call: MailboxCall): GraphAnswer {
  if (!holdsAny(call.token, calendarScopes)) throw accessDenied()
  if (call.token.accountId !== null) calendarReach(call.tenant, call.token, call.mailbox)
  const { window, schedules } = readQuestion(call)
  const value = schedules.map((address) => scheduleOf(call, address, window))
  const context = `${call.root}/$metadata#Collection(microsoft.graph.scheduleInformation)`
  return { status: 200, body: { '@odata.context': context, value } }
}

/** The limits are those the service enforces, which are wider than the documented ones (20 addresses). */
function readQuestion(call: MailboxCall): { window: Window; schedules: string[] } {
  const asked = parseBody(call, question)
  const slotMinutes = asked.availabilityviewinterval === undefined ? 30 : asked.availabilityviewinterval
  if (slotMinutes === null)
    throw new GraphProblem(500, 'ErrorInternalServerError', 'An internal server error occurred.')
  if (slotMinutes < 5 || slotMinutes > 1440)
    throw invalidRequest('AvailabilityViewInterval must be from 5 to 1440 minutes.')
  if (asked.schedules.length > 100) {
    throw new GraphProblem(400, 'ErrorMailboxDataArrayTooBig', 'The maximum number of mailboxes in one request is 100.')
  }
  const [from, to] = [asked.starttime, asked.endtime].map((one) =>
    instantOf({ dateTime: one.datetime, timeZone: one.timezone ?? 'UTC' }),
  )
  if (!from || !to || to <= from)
    throw invalidRequest('StartTime and EndTime must be times in known zones, the end after the start.')
  if (Date.parse(to) - Date.parse(from) > longestWindowMs) {
    throw new GraphProblem(400, 'ErrorTimeIntervalTooBig', 'The requested time window is too long: 62 days at most.')
  }
  return { window: { from, to, slotMinutes }, schedules: asked.schedules }
}

function scheduleOf(call: MailboxCall, address: string, { from, to, slotMinutes }: Window): ScheduleInformation {
  const owner = call.tenant.findUser(address)
  if (owner === undefined) {
    const message = `Unable to resolve e-mail address ${address} to an Active Directory object.`
    return { scheduleId: address, error: { message, responseCode: 'ErrorMailRecipientNotFound' } }
  }
  const sight = sightOf(call, owner)
  if (sight === 'nothing') {
    const message = 'Microsoft.Exchange.InfoWorker.Common.Availability.NoFreeBusyAccessException'
    return { scheduleId: address, error: { message, responseCode: 'ErrorNoFreeBusyAccess' } }
  }
  const items = busyItems(itemsIn(call.tenant, owner.id), from, to)
  const zone = call.preferences.timeZone ?? 'UTC'
  return {
    scheduleId: address,
    availabilityView: availabilityView(items, from, to, slotMinutes),
    scheduleItems: items.map((item) => scheduleItem(item, sight, zone)),
    workingHours: workingHoursOf(owner),
  }
}

/** Free and busy need no scope for other mailboxes: the rights on each calendar say what shows. */
function sightOf(call: MailboxCall, owner: User): Sight {
  const { accountId } = call.token
  if (accountId === null || accountId === owner.id) return 'everything'
  const role = calendarRole(call.tenant, accountId, owner)
  if (role === 'none') return 'nothing'
  if (role === 'freeBusyRead') return 'freeBusy'
  return role === 'delegateWithPrivateEventAccess' ? 'everything' : 'limited'
}

function scheduleItem(item: EventItem, sight: Sight, zone: string): ScheduleItem {
  const isPrivate = item.sensitivity === 'private'
  const block = { status: item.showAs, start: wallTime(item.startsAt, zone), end: wallTime(item.endsAt, zone) }
  if (sight === 'freeBusy') return block
  if (isPrivate && sight !== 'everything') return { ...block, isPrivate }
  return { ...block, isPrivate, subject: item.subject, location: item.location?.displayName ?? '' }
}

/** Monday to Friday, eight to five, where the mailbox is. */
export function workingHoursOf(owner: User) {
  return {
    daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] satisfies string[],
    startTime: '08:00:00.0000000',
    endTime: '17:00:00.0000000',
    timeZone: { name: owner.timeZone },
  } as NonNullable<ScheduleInformation['workingHours']>
}
