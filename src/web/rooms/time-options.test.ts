import { expect, test } from 'vitest'
import { endOptions, lengthText, startOptions } from './time-options.ts'

test('starts are quarters of an hour, and the time that is set', () => {
  expect(startOptions('10:00')).toHaveLength(96)
  const odd = startOptions('10:05').map((option) => option.value)
  expect(odd.slice(odd.indexOf('10:00'), odd.indexOf('10:15') + 1)).toEqual(['10:00', '10:05', '10:15'])
})

test('ends say how long it takes', () => {
  const labels = endOptions('10:00', '10:30').map((option) => option.label)
  expect(labels.slice(0, 5)).toEqual([
    '10:15 · 15 min',
    '10:30 · 30 min',
    '10:45 · 45 min',
    '11:00 · 1 h',
    '11:15 · 1 h 15 min',
  ])
})

test('an end before the start stays visible, so that it can be mended', () => {
  expect(endOptions('10:00', '09:00')[0]?.label).toBe('09:00 · before the start')
  expect(lengthText(90)).toBe('1 h 30 min')
})
