import type { Attendee as GraphAttendee, Event as GraphEvent, Location } from '@microsoft/microsoft-graph-types'
import { etagOf } from '../exchange/change-keys.ts'
import { ianaZone, wallTime } from '../exchange/time-zones.ts'
import type { DateTimeZone, EventItem } from '../model.ts'
import { bodyJson, bodyPreview } from './item-body.ts'
import type { Preferences } from './preferences.ts'

export type EventReading = Pick<Preferences, 'timeZone' | 'bodyAs' | 'immutableIds'>
export type EventJson = GraphEvent & { '@odata.etag': string }

/** What Graph answers when nothing is preferred: UTC, HTML, changing ids. */
export const plainReading: EventReading = { timeZone: null, bodyAs: null, immutableIds: false }

/** An item as the event resource. Extended properties come only by `$expand`. */
export function eventJson(item: EventItem, reading: EventReading): EventJson {
  const id = reading.immutableIds ? item.immutableId : item.id
  return {
    '@odata.etag': etagOf(item),
    id,
    ...(item.transactionId === null ? {} : { transactionId: item.transactionId }),
    createdDateTime: seven(item.createdAt),
    lastModifiedDateTime: seven(item.modifiedAt),
    changeKey: item.changeKey,
    categories: item.categories,
    originalStartTimeZone: item.originalStartTimeZone,
    originalEndTimeZone: item.originalEndTimeZone,
    iCalUId: item.iCalUId,
    ...flagsJson(item),
    ...wordsJson(item, reading),
    start: timeJson(item, 'start', reading.timeZone),
    end: timeJson(item, 'end', reading.timeZone),
    responseStatus: { response: item.responseStatus.response, time: seven(item.responseStatus.time) },
    recurrence: item.recurrence,
    seriesMasterId: null,
    type: item.recurrence === null ? 'singleInstance' : 'seriesMaster',
    attendees: item.attendees.map(attendeeJson),
    organizer: { emailAddress: item.organizer },
    onlineMeeting: null,
    onlineMeetingUrl: null,
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(id)}&exvsurl=1&path=/calendar/item`,
  }
}

function flagsJson(item: EventItem): GraphEvent {
  return {
    reminderMinutesBeforeStart: item.reminderMinutesBeforeStart,
    isReminderOn: item.isReminderOn,
    hasAttachments: false,
    importance: item.importance,
    sensitivity: item.sensitivity,
    isAllDay: item.isAllDay,
    isCancelled: item.isCancelled,
    isOrganizer: item.isOrganizer,
    isDraft: item.isDraft,
    isOnlineMeeting: false,
    onlineMeetingProvider: 'unknown',
    responseRequested: item.responseRequested,
    allowNewTimeProposals: item.allowNewTimeProposals,
    hideAttendees: item.hideAttendees,
    showAs: item.showAs,
  }
}

function wordsJson(item: EventItem, reading: EventReading): GraphEvent {
  const location = locationJson(item.location)
  return {
    subject: item.subject,
    bodyPreview: bodyPreview(item.body),
    body: bodyJson(item.body, reading.bodyAs),
    location,
    locations: item.location === null ? [] : [location],
  }
}

function locationJson(location: EventItem['location']): Location {
  if (location === null)
    return { displayName: '', locationType: 'default', uniqueIdType: 'unknown', address: {}, coordinates: {} }
  const { displayName, locationEmailAddress } = location
  const room = locationEmailAddress === undefined ? {} : { locationEmailAddress, uniqueId: locationEmailAddress }
  const locationType = locationEmailAddress === undefined ? 'default' : 'conferenceRoom'
  const uniqueIdType = locationEmailAddress === undefined ? 'private' : 'directory'
  return { displayName, ...room, locationType, uniqueIdType, uniqueId: locationEmailAddress ?? displayName }
}

function attendeeJson({ type, status, emailAddress }: EventItem['attendees'][number]): GraphAttendee {
  return { type, status: { response: status.response, time: seven(status.time) }, emailAddress }
}

/** An all-day event is midnight to midnight in whatever zone it is read in: it has days, not instants. */
function timeJson(item: EventItem, end: 'start' | 'end', zone: string | null): DateTimeZone {
  const instant = end === 'start' ? item.startsAt : item.endsAt
  const original = end === 'start' ? item.originalStartTimeZone : item.originalEndTimeZone
  if (!item.isAllDay) return wallTime(instant, zone ?? 'UTC')
  return { ...wallTime(instant, ianaZone(original) === null ? 'UTC' : original), timeZone: zone ?? 'UTC' }
}

/** Instants with seven fractional digits, except the unset time, which has none. */
function seven(instant: string): string {
  return instant.replace(/\.(\d{3})Z$/, '.$10000Z')
}
