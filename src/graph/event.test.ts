import { expect, test } from 'vitest'
import { graphEvent } from './event.ts'

test('an event whose times are none is no event: nobody would notice before it is compared', () => {
  const time = { dateTime: '2027-03-30T08:00:00.0000000', timeZone: 'UTC' }
  const event = { id: 'a', '@odata.etag': 'b', iCalUId: 'c', start: time, end: time }
  expect(graphEvent.safeParse(event).success).toBe(true)
  expect(graphEvent.safeParse({ ...event, start: { ...time, dateTime: 'soon' } }).success).toBe(false)
})
