import { expect, test } from 'vitest'
import type { StoreKind } from './database/store.ts'
import { operations } from './operations/all-operations.ts'
import { runFleet } from './run/fleet.ts'
import { readRegressions } from './run/regressions.ts'
import { coverageOf, neverCovered, violationLine } from './run/report.ts'
import type { RunMode, SeedOutcome } from './run/run-seed.ts'

/*
 * The real engine over virtual time with everything that can go wrong (docs/simulation.md): a seed that fails prints the line that replays
 * it. More of the same by command: `bin/story sync --seeds 50000`, and with `--store postgres`.
 */
const minute = 60_000
const seedsInMemory = Number(process.env.ANTEROOM_TEST_SEEDS ?? 120)
const seedsOnPostgres = Math.ceil(seedsInMemory / 20)

/** Short runs, so that many fit: what needs more is found by command, and kept in regressions.txt. */
const operationsPerSeed = 12

test('runs that once failed are clean', { timeout: 5 * minute }, async () => {
  const failed: string[] = []
  for (const { seed, line, ...choice } of readRegressions()) {
    const [outcome] = await runFleet({ ...choice, seeds: [seed], processes: 1 })
    if (outcome?.violation) failed.push(`${line}    # ${outcome.violation.says}`)
  }
  expect(failed).toEqual([])
})

test('many runs in memory: no promise is broken, and everything was tried', {
  timeout: 20 * minute,
}, async () => {
  const outcomes = await run({ store: 'memory', from: 1, count: seedsInMemory })
  const names = operations.map(({ name }) => name)
  expect(neverCovered(coverageOf(outcomes), seedsInMemory >= 2_000 ? names : [])).toEqual([])
})

test('the same on PostgreSQL', { timeout: 20 * minute }, async () => {
  await run({ store: 'postgres', from: 1, count: seedsOnPostgres })
})

test('a day of chaos: after one comparison nothing differs', { timeout: 10 * minute }, async () => {
  const choice = { mode: 'chaos' as const, store: 'memory' as const, operations: 60 }
  const outcomes = await runFleet({ ...choice, seeds: [1], processes: 1 })
  expect(outcomes.filter(({ violation }) => violation !== null).map((one) => violationLine(one, choice))).toEqual([])
})

test('a seed is one run, to the last step', { timeout: 2 * minute }, async () => {
  const [once, again] = [
    await run({ store: 'memory', from: 7, count: 1 }),
    await run({ store: 'memory', from: 7, count: 1 }),
  ]
  expect(again[0]?.hash).toBe(once[0]?.hash)
})

type Runs = { store: StoreKind; from: number; count: number; mode?: RunMode }

/** Runs them over both cores; every violation is a line that replays it. */
async function run({ store, from, count, mode = 'liveness' }: Runs): Promise<SeedOutcome[]> {
  const choice = { mode, store, operations: operationsPerSeed }
  const seeds = Array.from({ length: count }, (_, index) => from + index)
  const outcomes = await runFleet({ ...choice, seeds, processes: 2, violationsMax: 5 })
  const failed = outcomes.filter(({ violation }) => violation !== null).map((outcome) => violationLine(outcome, choice))
  expect(failed).toEqual([])
  return outcomes
}
