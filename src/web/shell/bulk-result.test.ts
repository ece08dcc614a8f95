import { expect, test } from 'vitest'
import { bulkResult } from './bulk-result.ts'
import type { Outcome } from './use-bulk.ts'

const good: Outcome = { meaning: 'good', say: 'It goes now.' }
const refused: Outcome = { meaning: 'refused', say: 'It is a draft.' }
const of = (...outcomes: Outcome[]) => new Map(outcomes.map((outcome, index) => [String(index), outcome]))

test.each([
  [of(good), 'good', '1 approved.'],
  [of(good, good), 'good', 'All 2 approved.'],
  [of(good, refused), 'attention', '1 of 2 approved. 1 was not, and says why.'],
  [of(refused, refused), 'attention', '0 of 2 approved. 2 were not: each says why.'],
] as const)('what came of many is one sentence: %#', (outcomes, meaning, say) => {
  expect(bulkResult(outcomes, 'approved')).toEqual({ meaning, say })
})

test('nothing was done yet, nothing is said', () => {
  expect(bulkResult(new Map(), 'approved')).toBeNull()
})
