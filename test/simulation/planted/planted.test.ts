import { describe, expect, test } from 'vitest'
import { hunt, runClean } from './hunt.ts'
import { plantedBugs } from './planted-bugs.ts'

const minute = 60_000

/** What shows that the simulation sees anything: each mistake is seen within a few runs, which are clean without it. */
describe('planted bugs are caught', () => {
  test('there are at least ten', () => expect(plantedBugs.length).toBeGreaterThanOrEqual(10))

  test.each(plantedBugs)('$name', { timeout: 10 * minute }, async (bug) => {
    const caught = await hunt(bug)
    if (caught === null) throw new Error(`Nobody saw that ${bug.says}`)
    expect((await runClean(bug, caught.seed))?.violation).toBeNull()
  })
})
