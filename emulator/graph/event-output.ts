import type { Attendee as GraphAttendee, Event as GraphEvent, Location } from '@microsoft/microsoft-graph-types'
import { etagOf } from '../exchange/change-keys.ts'
import { ianaZone, wallTime } from '../exchange/time-zones.ts'
import type { DateTimeZone, EventItem } from '../model.ts'
import type { Sight } from './access.ts'
import { bodyJson, bodyPreview } from './item-body.ts'
import type { Preferences } from './preferences.ts'

export type EventReading = Pick<Preferences, 'timeZone' | 'bodyAs' | 'immutableIds'> & { sight: Sight }
export type EventJson = GraphEvent & { '@odata.etag': string }

/** Reads nothing away and nothing in: UTC, HTML, changing ids, everything in sight. */
export const plainReading: EventReading = { timeZone: null, bodyAs: null, immutableIds: false, sight: 'everything' }

/** An item as the event resource, as far as the reader may see it. Extended properties come only by `$expand`. */
export function eventJson(item: EventItem, reading: EventReading): EventJson {
  const seen = asSeen(item, reading.sight)
  const id = reading.immutableIds ? seen.immutableId : seen.id
  return {
    '@odata.etag': etagOf(seen),
    id,
    ...(seen.transactionId === null ? {} : { transactionId: seen.transactionId }),
    createdDateTime: seven(seen.createdAt),
    lastModifiedDateTime: seven(seen.modifiedAt),
    changeKey: seen.changeKey,
    categories: seen.categories,
    originalStartTimeZone: seen.originalStartTimeZone,
    originalEndTimeZone: seen.originalEndTimeZone,
    iCalUId: seen.iCalUId,
    ...flagsJson(seen),
    ...wordsJson(seen, reading),
    start: timeJson(seen, 'start', reading.timeZone),
    end: timeJson(seen, 'end', reading.timeZone),
    responseStatus: { response: seen.responseStatus.response, time: seven(seen.responseStatus.time) },
    recurrence: seen.recurrence,
    seriesMasterId: null,
    type: seen.recurrence === null ? 'singleInstance' : 'seriesMaster',
    attendees: seen.attendees.map(attendeeJson),
    organizer: { emailAddress: seen.organizer },
    onlineMeeting: null,
    onlineMeetingUrl: null,
    webLink: `https://outlook.office365.com/owa/?itemid=${encodeURIComponent(id)}&exvsurl=1&path=/calendar/item`,
  }
}

/** What of an item somebody with lesser rights sees: `limitedRead` knows what and when, a private item is only a block. */
function asSeen(item: EventItem, sight: Sight): EventItem {
  const isPrivate = item.sensitivity === 'private'
  if (sight === 'everything' || (sight === 'notPrivate' && !isPrivate)) return item
  const outline: EventItem = {
    ...item,
    body: { contentType: 'html', content: '' },
    attendees: [],
    categories: [],
    transactionId: null,
    singleValueExtendedProperties: [],
  }
  return isPrivate ? { ...outline, subject: 'Private appointment', location: null } : outline
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
