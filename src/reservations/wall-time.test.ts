import { expect, test } from 'vitest'
import { dayAndHoursIn, daysAround, hoursIn } from './wall-time.ts'

const span = (startsAt: string, endsAt: string) => ({ startsAt: new Date(startsAt), endsAt: new Date(endsAt) })

test('times are told by the clocks of the building', () => {
  const hour = span('2026-11-24T09:00:00Z', '2026-11-24T10:00:00Z')
  expect(hoursIn(hour, 'Europe/Berlin')).toBe('10:00 to 11:00')
  expect(dayAndHoursIn(hour, 'America/New_York')).toBe('Tue 24 Nov, 04:00 to 05:00')
  const overnight = span('2026-11-24T22:00:00Z', '2026-11-25T00:30:00Z')
  expect(dayAndHoursIn(overnight, 'Europe/Berlin')).toBe('Tue 24 Nov 23:00 to Wed 25 Nov 01:30')
})

test.each([
  ['Europe/Berlin', '2026-03-29T10:00:00Z', 23],
  ['Europe/Berlin', '2026-10-25T10:00:00Z', 25],
  ['Australia/Lord_Howe', '2026-10-04T02:00:00Z', 23.5],
  ['Asia/Kathmandu', '2026-11-24T10:00:00Z', 24],
])('the day in %s around %s has %s hours', (timeZone, noon, hours) => {
  const { startsAt, endsAt } = daysAround(span(noon, new Date(Date.parse(noon) + 1).toISOString()), timeZone)
  expect((endsAt.getTime() - startsAt.getTime()) / 3_600_000).toBe(hours)
})

test('a meeting that ends at midnight belongs to one day', () => {
  const evening = span('2026-11-24T22:00:00Z', '2026-11-24T23:00:00Z')
  expect(daysAround(evening, 'Europe/Berlin').endsAt.toISOString()).toBe('2026-11-24T23:00:00.000Z')
})
