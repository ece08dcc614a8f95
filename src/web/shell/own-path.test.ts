import { expect, test } from 'vitest'
import { ownPath, ownPathWith } from './own-path.ts'

test('a path of this site stays as it is', () => {
  expect(ownPath('/reservations?when=past#top')).toBe('/reservations?when=past#top')
  expect(ownPathWith('/?date=2026-11-24&authorization=old', 'authorization', 'a1')).toBe(
    '/?date=2026-11-24&authorization=a1',
  )
})

test('nothing leads to another site', () => {
  const elsewhere = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    'find',
    '',
  ]
  for (const path of [...elsewhere, undefined]) expect(ownPath(path)).toBe('/')
  expect(ownPathWith('//evil.example', 'authorization', 'a1')).toBe('/?authorization=a1')
})
