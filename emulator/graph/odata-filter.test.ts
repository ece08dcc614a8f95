import { expect, test } from 'vitest'
import { readFilter } from './odata-filter.ts'

const row = {
  subject: "Ann's plan",
  capacity: 12,
  isAllDay: false,
  location: null,
  start: { dateTime: '2030-01-02T10:00:00.0000000', timeZone: 'UTC' },
  tags: ['Display', 'Phone'],
  properties: [
    { id: 'one', value: '1' },
    { id: 'two', value: '2' },
  ],
}

test.each([
  ["subject eq 'ann''s PLAN'", true],
  ["Subject ne 'x' and capacity gt 11.5", true],
  ['capacity le 11', false],
  ["start/dateTime ge '2030-01-02T10:00:00Z'", true],
  ['start/dateTime lt 2030-01-02T11:00:00+02:00', false],
  ["start/dateTime eq '2030-01-02T12:00:00+02:00'", true],
  ['location eq null and isAllDay eq false', true],
  ["not contains(subject,'plan') or endswith(subject, 'PLAN')", true],
  ["(capacity eq 1 or capacity eq 12) and startswith(subject,'Ann')", true],
  ['capacity in (1, 12)', true],
  ["tags/any(t: t eq 'phone')", true],
  ["properties/Any(ep: ep/id eq 'one' and ep/value eq '1')", true],
  ["properties/any(ep:ep/id eq 'one' and ep/value eq '2')", false],
  ["nothing/any(x: x eq 'y')", false],
])('%s is %s', (filter, holds) => expect(readFilter(filter)(row)).toBe(holds))

test.each([
  '',
  'subject',
  'subject eq',
  "subject eq 'open",
  "subject like 'x'",
  'shout(subject)',
  "(subject eq 'a'",
  'capacity in ()',
  "subject eq 'a' subject",
])('%s is refused', (filter) => {
  expect(() => readFilter(filter)(row) || refused()).toThrow()
})

/** A filter that names a property alone reads as false: it is not a question. */
function refused(): never {
  throw new Error('not true')
}
