import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ownPath } from './own-path.ts'

const site = 'https://anteroom.contoso.example'

test.for([
  '//e',
  '/\\e',
  '/\t/e',
  '\\\\e',
  'javascript:alert(1)',
  'https://evil.example',
  '',
  'e',
  '@e',
  '/\n/e',
  '/.//e',
])('after signing in, %j leads home', (wish) => {
  expect(ownPath(wish, site)).toBe('/')
})

test('own paths stay as they are', () => {
  for (const path of ['/', '/console/aliases?q=a%20b#top', '/%2f%2fe', '/@e', '/reservations/1?from=/x']) {
    expect(ownPath(path, site)).toBe(path)
  }
})

test('whatever is asked for, a browser that follows it stays on our site', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    '@',
    ':',
    '\t',
    '\n',
    '%2f',
    'e',
    'https:',
    '?',
    '#',
    '\u0000',
    ' ',
  )
  const wish = fc.oneof(
    fc.string(),
    fc.array(piece).map((pieces) => `/${pieces.join('')}`),
  )
  fc.assert(
    fc.property(wish, (text) => {
      const path = ownPath(text, site)
      expect(path.startsWith('/') && !path.startsWith('//')).toBe(true)
      expect(new URL(path, site).origin).toBe(site)
    }),
    { numRuns: 3000 },
  )
})
