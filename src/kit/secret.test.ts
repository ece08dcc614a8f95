import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret, sameSecret } from './secret.ts'

test('no conversion shows the value', () => {
  const secret = new Secret('hunter2')
  const shown = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ deep: { secret } }, { depth: 9, showHidden: true }),
  ]
  for (const text of shown) expect(text).not.toContain('hunter2')
  expect(secret.open('compare')).toBe('hunter2')
})

test('secrets of any length are compared without throwing', () => {
  expect(sameSecret('abc', 'abc')).toBe(true)
  expect(sameSecret('abc', 'abcd')).toBe(false)
  expect(sameSecret('', 'a')).toBe(false)
})
