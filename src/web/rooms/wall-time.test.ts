import { describe, expect, test } from 'vitest'
import { addMinutes, dayText, instantAt, minutesBetween, sameClock, spanText, timeOf, zoneName } from './wall-time.ts'

const berlin = 'Europe/Berlin'
const newYork = 'America/New_York'

describe('wall times', () => {
  test('are read in the zone of the building', () => {
    expect(instantAt('2026-11-24', '10:00', berlin).toString()).toBe('2026-11-24T09:00:00Z')
    expect(instantAt('2026-11-24', '10:00', newYork).toString()).toBe('2026-11-24T15:00:00Z')
  })

  test('in the hour that a clock change skips mean the later one', () => {
    expect(instantAt('2026-03-29', '02:30', berlin).toString()).toBe('2026-03-29T01:30:00Z')
  })

  test('come back as they went in', () => {
    expect(timeOf(instantAt('2026-07-01', '09:05', newYork), newYork)).toBe('09:05')
    const from = instantAt('2026-11-24', '10:00', berlin)
    expect(spanText(from, from.add({ minutes: 30 }), berlin)).toBe('10:00–10:30')
  })

  test('never run past midnight', () => {
    expect(addMinutes('23:45', 60)).toBe('23:59')
    expect(addMinutes('10:00', 45)).toBe('10:45')
    expect(minutesBetween('10:00', '09:30')).toBe(-30)
  })
})

describe('zones', () => {
  const winter = instantAt('2026-11-24', '10:00', berlin)

  test('are named as people name them', () => {
    expect(zoneName(berlin, winter)).toBe('Central European Standard Time')
  })

  test('with the same clock need no name', () => {
    expect(sameClock(berlin, 'Europe/Paris', winter)).toBe(true)
    expect(sameClock(berlin, newYork, winter)).toBe(false)
  })
})

test('a day names its year only when it is another one', () => {
  expect(dayText('2026-11-24', '2026-01-01')).toBe('Tuesday 24 November')
  expect(dayText('2027-01-04', '2026-11-24')).toBe('Monday 4 January 2027')
})
