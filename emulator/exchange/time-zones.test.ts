import { expect, test } from 'vitest'
import { ianaZone, instantOf, instantOfBound, isMidnight, wallTime } from './time-zones.ts'

test.each([
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['eastern standard time', 'America/New_York'],
  ['UTC', 'UTC'],
  ['tzone://Microsoft/Utc', 'UTC'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['CET', null],
  ['Mars/Olympus', null],
])('%s is %s', (name, zone) => expect(ianaZone(name)).toBe(zone))

test.each([
  ['2030-07-01T10:00:00', 'Europe/Berlin', '2030-07-01T08:00:00.000Z'],
  ['2030-01-01T10:00:00.0000000', 'W. Europe Standard Time', '2030-01-01T09:00:00.000Z'],
  ['2030-07-01T10:00:00Z', 'Europe/Berlin', '2030-07-01T10:00:00.000Z'],
  // The hour that the clocks skip, and the one they repeat.
  ['2030-03-31T02:30:00', 'Europe/Berlin', '2030-03-31T01:30:00.000Z'],
  ['2030-10-27T02:30:00', 'Europe/Berlin', '2030-10-27T00:30:00.000Z'],
  ['2030-13-01T10:00:00', 'Europe/Berlin', null],
  ['2030-07-01T10:00:00', 'CET', null],
])('%s in %s is %s', (dateTime, timeZone, instant) => expect(instantOf({ dateTime, timeZone })).toBe(instant))

test('a bound of a window keeps its offset and is UTC without one', () => {
  expect(instantOfBound('2030-07-01T10:00:00+02:00')).toBe('2030-07-01T08:00:00.000Z')
  expect(instantOfBound('2030-07-01')).toBe('2030-07-01T00:00:00.000Z')
  expect(instantOfBound('tomorrow')).toBeNull()
})

test('times are printed with seven digits in the zone that was asked for', () => {
  const inIndia = { dateTime: '2030-07-01T13:30:00.0000000', timeZone: 'India Standard Time' }
  expect(wallTime('2030-07-01T08:00:00.000Z', 'India Standard Time')).toEqual(inIndia)
  expect(isMidnight('2030-06-30T22:00:00.000Z', 'Europe/Berlin')).toBe(true)
})
