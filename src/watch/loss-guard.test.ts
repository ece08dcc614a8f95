import { expect, test } from 'vitest'
import { judgeLoss } from './loss-guard.ts'

test.each([
  [{ coming: 4, missing: 4 }, 'plausible'],
  [{ coming: 5, missing: 2 }, 'plausible'],
  [{ coming: 5, missing: 3 }, 'mass_loss'],
  [{ coming: 6, missing: 3 }, 'plausible'],
  [{ coming: 200, missing: 25 }, 'plausible'],
  [{ coming: 200, missing: 26 }, 'many_deletions'],
  [{ coming: 40, missing: 30 }, 'mass_loss'],
  [{ coming: 0, missing: 0 }, 'plausible'],
])('%j is %s', (loss, verdict) => {
  const judged = judgeLoss(loss)
  expect(judged.is === 'held' ? judged.code : judged.is).toBe(verdict)
})
