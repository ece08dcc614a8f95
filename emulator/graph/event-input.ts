import { z } from 'zod'
import type { EventChanges, EventDraft } from '../exchange/event-changes.ts'
import { instantOf, isMidnight } from '../exchange/time-zones.ts'
import type { DateTimeZone, EventItem } from '../model.ts'
import type { GraphCall } from './graph-call.ts'
import { GraphProblem, invalidRequest } from './graph-problem.ts'
import { anyCase, parseBody, readBody, unreadable } from './request-body.ts'

const time = z.object({ datetime: z.string(), timezone: z.string().nullish() })
const place = z.object({ displayname: z.string().nullish(), locationemailaddress: z.string().nullish() })

const attendee = z.object({
  emailaddress: z.object({ address: z.string().min(3), name: z.string().nullish() }),
  type: anyCase(['required', 'optional', 'resource']).nullish(),
})

/** The event resource as requests write it, names in lower case. Properties that only Exchange writes are read over. */
const eventShape = z.object({
  subject: z.string().nullish(),
  body: z.object({ content: z.string().nullish(), contenttype: anyCase(['text', 'html']).nullish() }).nullish(),
  start: time.optional(),
  end: time.optional(),
  isallday: z.boolean().optional(),
  location: place.nullish(),
  locations: z.array(place).optional(),
  attendees: z.array(attendee).max(500).optional(),
  showas: anyCase(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']).optional(),
  sensitivity: anyCase(['normal', 'personal', 'private', 'confidential']).optional(),
  importance: anyCase(['low', 'normal', 'high']).optional(),
  hideattendees: z.boolean().optional(),
  allownewtimeproposals: z.boolean().optional(),
  responserequested: z.boolean().optional(),
  isreminderon: z.boolean().optional(),
  reminderminutesbeforestart: z.int().optional(),
  categories: z.array(z.string()).optional(),
  transactionid: z.string().nullish(),
  recurrence: z.unknown().optional(),
  singlevalueextendedproperties: z.array(z.object({ id: z.string(), value: z.string() })).optional(),
})

type EventBody = z.infer<typeof eventShape>

const readOnly = [
  ...['id', 'changekey', 'createddatetime', 'lastmodifieddatetime', 'icaluid', 'uid', 'bodypreview', 'hasattachments'],
  ...['isorganizer', 'organizer', 'iscancelled', 'isdraft', 'responsestatus', 'seriesmasterid', 'type', 'weblink'],
  ...['originalstart', 'originalstarttimezone', 'originalendtimezone', 'onlinemeeting', 'onlinemeetingurl'],
  ...['isonlinemeeting', 'onlinemeetingprovider', 'occurrenceid', 'calendar', 'attachments', 'extensions'],
]
const writable = Object.keys(eventShape.shape)

/** What a create asks for; start and end are required. */
export function readDraft(call: GraphCall): EventDraft {
  const body = readEvent(call)
  const { startsAt, endsAt, ...changes } = changesOf(body)
  if (startsAt === undefined || endsAt === undefined) {
    throw new GraphProblem(
      400,
      'ErrorPropertyValidationFailure',
      'At least one property failed validation: Start and End are required.',
    )
  }
  const draft = { ...changes, startsAt, endsAt, transactionId: body.transactionid ?? null }
  refuseImpossibleTimes({ isAllDay: false, originalStartTimeZone: 'UTC', originalEndTimeZone: 'UTC', ...draft })
  return draft
}

/** What a patch asks for. `transactionId` is never written again. */
export function readChanges(call: GraphCall, item: EventItem): EventChanges {
  const changes = changesOf(readEvent(call))
  refuseImpossibleTimes({ ...item, ...changes })
  return changes
}

function readEvent(call: GraphCall): EventBody {
  for (const name of Object.keys(readBody(call))) {
    if (
      writable.includes(name) ||
      readOnly.includes(name) ||
      name.includes('@') ||
      name === 'multivalueextendedproperties'
    )
      continue
    throw unreadable(
      `The property '${name}' does not exist on type 'microsoft.graph.event'. Make sure to only use property names that are defined by the type.`,
    )
  }
  const body = parseBody(call, eventShape)
  if (body.recurrence !== undefined && body.recurrence !== null) {
    throw invalidRequest('This tenant keeps single events only; it has no recurring ones yet.')
  }
  return body
}

function changesOf(body: EventBody): EventChanges {
  return withoutAbsent({
    subject: body.subject ?? (body.subject === null ? '' : undefined),
    body:
      body.body == null
        ? undefined
        : { contentType: body.body.contenttype ?? 'text', content: body.body.content ?? '' },
    ...timesOf(body),
    isAllDay: body.isallday,
    location: locationOf(body),
    attendees: body.attendees?.map(({ emailaddress: { address, name }, type }) => ({
      emailAddress: { address, name: name ?? address },
      type: type ?? 'required',
    })),
    showAs: body.showas,
    sensitivity: body.sensitivity,
    importance: body.importance,
    hideAttendees: body.hideattendees,
    allowNewTimeProposals: body.allownewtimeproposals,
    responseRequested: body.responserequested,
    isReminderOn: body.isreminderon,
    reminderMinutesBeforeStart: body.reminderminutesbeforestart,
    categories: body.categories,
    singleValueExtendedProperties: body.singlevalueextendedproperties,
  })
}

function timesOf({ start, end }: EventBody): EventChanges {
  return {
    ...(start && { startsAt: instant(start), originalStartTimeZone: start.timezone ?? 'UTC' }),
    ...(end && { endsAt: instant(end), originalEndTimeZone: end.timezone ?? 'UTC' }),
  }
}

function instant({ datetime, timezone }: z.infer<typeof time>): string {
  const value: DateTimeZone = { dateTime: datetime, timeZone: timezone ?? 'UTC' }
  const at = instantOf(value)
  if (at !== null) return at
  if (instantOf({ ...value, timeZone: 'UTC' }) === null) throw unreadable(`'${datetime}' is not a dateTime.`)
  const message = `A valid TimeZone value must be specified. The following TimeZone value is not supported: '${timezone}'.`
  throw new GraphProblem(400, 'TimeZoneNotSupportedException', message)
}

/** `locations` is the list, `location` its first: whichever was written wins, `location` before the list. */
function locationOf({ location, locations }: EventBody): EventItem['location'] | undefined {
  const written = location === undefined ? locations?.[0] : location
  if (written === undefined) return locations === undefined ? undefined : null
  if (written === null) return null
  const locationEmailAddress = written.locationemailaddress ?? undefined
  return { displayName: written.displayname ?? '', ...(locationEmailAddress && { locationEmailAddress }) }
}

type Times = Pick<EventItem, 'startsAt' | 'endsAt' | 'isAllDay' | 'originalStartTimeZone' | 'originalEndTimeZone'>

function refuseImpossibleTimes(item: Times): void {
  if (item.endsAt < item.startsAt) {
    throw new GraphProblem(
      400,
      'ErrorCalendarEndDateIsEarlierThanStartDate',
      'The end date is earlier than the start date.',
    )
  }
  const { isAllDay, startsAt, endsAt, originalStartTimeZone: from, originalEndTimeZone: to } = item
  if (!isAllDay || (from === to && isMidnight(startsAt, from) && isMidnight(endsAt, to))) return
  throw new GraphProblem(
    400,
    'ErrorPropertyValidationFailure',
    'At least one property failed validation: an all-day event needs to start and end at midnight in one time zone.',
  )
}

function withoutAbsent(changes: EventChanges): EventChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}
