import { expect, test } from 'vitest'
import { calendarItem } from '#graph/calendar-copy.ts'
import { mirrorItemOf } from './mirror-item.ts'

const event = {
  id: 'AAMk',
  '@odata.etag': 'W/"1"',
  iCalUId: '0400',
  subject: 'Budget',
  start: { dateTime: '2030-01-07T09:00:00.0000000', timeZone: 'UTC' },
  end: { dateTime: '2030-01-07T10:00:00.0000000', timeZone: 'UTC' },
  organizer: { emailAddress: { name: 'Alice Meyer', address: 'alice@contoso.example' } },
  attendees: [
    { type: 'required', emailAddress: { name: 'Bob', address: 'bob@contoso.example' } },
    { type: 'required', emailAddress: { name: 'Carla', address: 'carla@contoso.example' } },
    { type: 'resource', emailAddress: { name: 'Mercury', address: 'mercury@contoso.example' } },
  ],
  responseStatus: { response: 'accepted' },
  showAs: 'busy',
  sensitivity: 'normal',
  lastModifiedDateTime: '2030-01-01T08:00:00.0000000Z',
}

function itemOf(changes: object) {
  const item = calendarItem({ ...event, ...changes })
  if (item.is !== 'copy') throw new Error(JSON.stringify(item))
  return mirrorItemOf(item.copy, 'UTC')
}

test.each([
  [
    'another version',
    { '@odata.etag': 'W/"2"', lastModifiedDateTime: '2030-02-01T08:00:00Z', webLink: 'https://x.example' },
  ],
  ['space and line breaks', { subject: ' Budget\r\n' }],
  ['fractions of seconds', { start: { dateTime: '2030-01-07T09:00:00.9990000', timeZone: 'UTC' } }],
  ['the case of addresses', { organizer: { emailAddress: { name: 'Alice Meyer', address: 'Alice@Contoso.Example' } } }],
  [
    'names from the directory',
    { organizer: { emailAddress: { name: 'Meyer, Alice', address: 'alice@contoso.example' } } },
  ],
  ['another order of people', { attendees: event.attendees.toReversed() }],
])('%s: the same meaning', (_, changes) => {
  expect(itemOf(changes)?.digest).toBe(itemOf({})?.digest)
})

test.each([
  ['the subject', { subject: 'Budgets' }],
  ['the start', { start: { dateTime: '2030-01-07T09:15:00', timeZone: 'UTC' } }],
  ['the answer', { responseStatus: { response: 'declined' } }],
  ['cancelled', { isCancelled: true }],
  ['private', { sensitivity: 'private' }],
  ['who comes', { attendees: event.attendees.slice(1) }],
  ['which rooms', { attendees: event.attendees.slice(0, 2) }],
  ['whether it blocks', { showAs: 'free' }],
])('%s: another meaning', (_, changes) => {
  expect(itemOf(changes)?.digest).not.toBe(itemOf({})?.digest)
})

test('the view holds people and rooms apart, addresses in small letters', () => {
  expect(itemOf({})?.view).toMatchObject({
    organizer: { name: 'Alice Meyer', address: 'alice@contoso.example' },
    attendees: [{ address: 'bob@contoso.example' }, { address: 'carla@contoso.example' }],
    resources: ['mercury@contoso.example'],
    answer: 'accepted',
    modifiedAt: '2030-01-01T08:00:00.000Z',
  })
})

test('what a database cannot hold is left out, and an id that would be another is refused', () => {
  expect(itemOf({ subject: 'a\0b\ud800' })?.view.subject).toBe('ab\ufffd')
  expect(itemOf({ subject: 'x'.repeat(20_000) })?.view.subject).toHaveLength(1_000)
  expect(itemOf({ id: 'a\0b' })).toBeNull()
})
