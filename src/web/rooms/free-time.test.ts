import { describe, expect, test } from 'vitest'
import { draggedSpan, gapAround, isFree, nearestFree, tappedSpan } from './free-time.ts'
import { instantAt, spanText } from './wall-time.ts'
import type { Span } from './wish.ts'

const zone = 'Europe/Berlin'
const at = (time: string) => instantAt('2026-11-24', time, zone)
const span = (from: string, to: string): Span => ({ from: at(from), to: at(to) })
const text = (found: Span | null) => found && spanText(found.from, found.to, zone)

const day = span('07:00', '19:00')
const busy = [span('13:00', '14:00'), span('09:00', '10:00'), span('09:30', '10:30')]

describe('the gap around a time', () => {
  test('reaches to the neighbours, whatever their order', () => {
    expect(text(gapAround(day, busy, at('11:00')))).toBe('10:30–13:00')
    expect(text(gapAround(day, busy, at('08:00')))).toBe('07:00–09:00')
    expect(text(gapAround(day, busy, at('14:00')))).toBe('14:00–19:00')
  })

  test('is none where the room is taken', () => {
    expect(gapAround(day, busy, at('09:00'))).toBeNull()
    expect(gapAround(day, busy, at('10:15'))).toBeNull()
  })
})

describe('a tap', () => {
  const gap = span('10:30', '13:00')

  test('books as long as wished', () => {
    expect(text(tappedSpan(gap, at('11:00'), 60))).toBe('11:00–12:00')
  })

  test('close to the end is pulled forward', () => {
    expect(text(tappedSpan(gap, at('12:45'), 60))).toBe('12:00–13:00')
  })

  test('in a gap that is too short takes all of it', () => {
    expect(text(tappedSpan(span('10:30', '11:00'), at('10:45'), 60))).toBe('10:30–11:00')
  })
})

describe('a drag', () => {
  const gap = span('10:30', '13:00')

  test('works in both directions', () => {
    expect(text(draggedSpan(gap, at('11:00'), at('12:00')))).toBe('11:00–12:15')
    expect(text(draggedSpan(gap, at('12:00'), at('11:00')))).toBe('11:00–12:15')
  })

  test('never reaches over what is taken', () => {
    expect(text(draggedSpan(gap, at('11:00'), at('18:00')))).toBe('11:00–13:00')
    expect(text(draggedSpan(gap, at('11:00'), at('07:00')))).toBe('10:30–11:15')
  })
})

describe('the nearest free time', () => {
  test('is the wished one when that is free', () => {
    expect(text(nearestFree(day, busy, span('11:00', '12:00'), at('07:00')))).toBe('11:00–12:00')
  })

  test('prefers later to earlier at the same distance', () => {
    expect(text(nearestFree(day, [span('11:00', '12:00')], span('11:00', '12:00'), at('07:00')))).toBe('12:00–13:00')
  })

  test('is never in the past and never over midnight', () => {
    expect(text(nearestFree(day, [span('10:00', '18:30')], span('10:00', '11:00'), at('09:30')))).toBeNull()
  })

  test('does not overlap anything', () => {
    const found = nearestFree(day, busy, span('09:00', '09:45'), at('07:00'))
    expect(found && isFree(busy, found)).toBe(true)
    expect(text(found)).toBe('08:15–09:00')
  })
})
