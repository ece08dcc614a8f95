import { expect, test } from 'vitest'
import { welchT } from '../../test/support/timing.ts'
import { sameSecret } from './secret.ts'

/** What the world knows how to measure must show nothing: how much of a guess was right. */
const bound = 4.5
const secret = 'a'.repeat(4_000)
const wrongAtOnce = `b${secret.slice(1)}`
const wrongAtTheEnd = `${secret.slice(1)}b`
const many = { samples: 3_000, callsEach: 8 }

test('a comparison that stops at the first difference is told apart, so the measure works', async () => {
  const stopsEarly = (guess: string) => {
    for (let at = 0; at < secret.length; at++) if (secret[at] !== guess[at]) return false
    return true
  }
  expect(
    Math.abs(
      await welchT(
        () => stopsEarly(wrongAtOnce),
        () => stopsEarly(wrongAtTheEnd),
        many,
      ),
    ),
  ).toBeGreaterThan(bound)
})

test.each([
  ['wrong at once or at the end', wrongAtOnce, wrongAtTheEnd],
  ['right or wrong', secret, wrongAtTheEnd],
])('ours is not: %s', async (_, one, other) => {
  // Somebody else's work on this machine is a difference too: it would have to fall on one of the two, three times over.
  const measured: number[] = []
  for (let round = 0; round < 3 && !measured.some((t) => t < bound); round++)
    measured.push(
      Math.abs(
        await welchT(
          () => sameSecret(secret, one),
          () => sameSecret(secret, other),
          many,
        ),
      ),
    )
  expect(Math.min(...measured)).toBeLessThan(bound)
})
