import { describe, expect, test } from 'vitest'
import { blockIn, dayWindow, hourMarks, instantUnder, share } from './day-grid.ts'
import { instantAt } from './wall-time.ts'

const berlin = 'Europe/Berlin'
const at = (time: string, date = '2026-11-24') => instantAt(date, time, berlin)
const wish = { from: at('10:00'), to: at('10:30') }
const window = dayWindow(wish, berlin)

describe('the window of a day', () => {
  test('is the usual working day', () => {
    expect([window.from, window.to].map(String)).toEqual([at('07:00'), at('19:00')].map(String))
  })

  test('grows to whole hours around an early or late wish', () => {
    expect(String(dayWindow({ from: at('05:45'), to: at('06:15') }, berlin).from)).toBe(String(at('05:00')))
    expect(String(dayWindow({ from: at('21:00'), to: at('22:15') }, berlin).to)).toBe(String(at('23:00')))
  })

  test('is the other day where it is already another day', () => {
    const seen = dayWindow({ from: at('03:00'), to: at('04:00') }, 'America/New_York')
    expect(seen.from.toZonedDateTimeISO('America/New_York').toPlainDate().toString()).toBe('2026-11-23')
    expect(hourMarks(seen)[0]?.label).toBe('07')
  })
})

describe('hours', () => {
  test('are evenly spaced columns', () => {
    const marks = hourMarks(window)
    expect(marks.map((mark) => mark.label).join(' ')).toBe('07 08 09 10 11 12 13 14 15 16 17 18')
    expect(marks[6]?.left).toBe(0.5)
  })

  test('show the clock change as it is', () => {
    const night = { from: at('00:00', '2026-03-29'), to: at('05:00', '2026-03-29'), timeZone: berlin }
    expect(hourMarks(night).map((mark) => mark.label)).toEqual(['00', '01', '03', '04'])
  })
})

describe('blocks', () => {
  test('are clipped to the window', () => {
    expect(share(window, at('04:00'))).toBe(0)
    expect(blockIn(window, { from: at('06:00'), to: at('10:00') })).toEqual({ left: 0, width: 0.25 })
    expect(blockIn(window, { from: at('20:00'), to: at('21:00') })).toBeNull()
  })
})

test('a point of the row is the quarter of an hour that begins there', () => {
  expect(String(instantUnder(window, 0.256))).toBe(String(at('10:00')))
  expect(String(instantUnder(window, 1.5))).toBe(String(at('18:45')))
  expect(String(instantUnder(window, -1))).toBe(String(at('07:00')))
})
