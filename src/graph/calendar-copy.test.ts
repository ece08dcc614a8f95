import { expect, test } from 'vitest'
import { calendarItem, spanOf } from './calendar-copy.ts'

const event = {
  id: 'AAMk',
  '@odata.etag': 'W/"1"',
  iCalUId: '0400',
  start: { dateTime: '2030-01-07T09:00:00.0000000', timeZone: 'UTC' },
  end: { dateTime: '2030-01-07T10:00:00.0000000', timeZone: 'UTC' },
}

test.each([
  ['organizer', null],
  ['organizer', { emailAddress: { name: 7 } }],
  ['attendees', null],
  ['attendees', [null, 7, { emailAddress: null, type: 'hologram' }]],
  ['responseStatus', { response: 'maybe' }],
  ['showAs', 'hologram'],
  ['type', 'hologram'],
  ['isAllDay', 'yes'],
  ['subject', { text: 'x' }],
  ['lastModifiedDateTime', 12],
])('an event whose %s is %j is read all the same', (name, value) => {
  expect(calendarItem({ ...event, [name]: value }).is).toBe('copy')
})

test('5,000 attendees are no trouble', () => {
  const attendees = Array.from({ length: 5_000 }, (_, n) => ({
    emailAddress: { address: `p${n}@x.example` },
    type: 'required',
  }))
  const item = calendarItem({ ...event, attendees })
  expect(item.is === 'copy' && item.copy.attendees.length).toBe(5_000)
})

test.each([
  ['nothing', null],
  ['a text', 'event'],
  ['no times', { ...event, start: undefined }],
  ['times that are none', { ...event, end: { dateTime: 'soon', timeZone: 'UTC' } }],
  ['times in another zone than asked for', { ...event, start: { ...event.start, timeZone: 'Europe/Berlin' } }],
  ['an end before its start', { ...event, end: { ...event.end, dateTime: '2029-01-07T10:00:00' } }],
  ['an id without end', { ...event, id: 'x'.repeat(5_000) }],
])('%s cannot be read, and is said to be so', (_, value) => {
  expect(calendarItem(value)).toMatchObject({ is: 'unreadable' })
})

test('tombstones and stubs are told from events', () => {
  expect(calendarItem({ id: 'a', '@removed': { reason: 'deleted' } })).toEqual({ is: 'removed', id: 'a' })
  const { start, end } = event
  expect(
    calendarItem({ id: 'b', type: 'occurrence', seriesMasterId: 'm', start, end, '@odata.etag': 'W/"2"' }),
  ).toEqual({
    is: 'stub',
    id: 'b',
    seriesMasterId: 'm',
  })
})

test.each([
  ['Europe/Berlin', 'America/New_York', '2030-07-06T22:00:00.000Z'],
  ['W. Europe Standard Time', 'America/New_York', '2030-07-07T04:00:00.000Z'],
  ['tzone://Microsoft/Custom', 'Europe/Berlin', '2030-07-06T22:00:00.000Z'],
  [null, 'UTC', '2030-07-07T00:00:00.000Z'],
])(
  'whole days made in %s begin at midnight there, or of the building in %s',
  (originalStartTimeZone, zone, startsAt) => {
    const day = (text: string) => ({ dateTime: `${text}T00:00:00.0000000`, timeZone: 'UTC' })
    const times = { start: day('2030-07-07'), end: day('2030-07-08'), isAllDay: true, originalStartTimeZone }
    expect(spanOf(times, zone)?.startsAt.toISOString()).toBe(startsAt)
  },
)
