import { runFleet } from '../run/fleet.ts'
import type { SeedOutcome } from '../run/run-seed.ts'
import type { PlantedBug } from './planted-bug.ts'

/** A bug that is not seen in so many runs has not been caught. */
export const huntSeedsMax = 20

/** Long enough for two things to meet; the troubles are those that the bug needs, and no others. */
const huntOperations = 24

/** Runs seeds with a bug in the engine until one of them sees it. Null: nobody did. */
export async function hunt(bug: PlantedBug, seedsMax = huntSeedsMax): Promise<SeedOutcome | null> {
  const outcomes = await runFleet({
    ...choiceOf(bug),
    seeds: Array.from({ length: seedsMax }, (_, index) => (bug.from ?? 1) + index),
    processes: 1,
    planted: bug.name,
    violationsMax: 1,
  })
  return outcomes.find(({ violation }) => violation !== null) ?? null
}

/** The same seed without the bug. */
export async function runClean(bug: PlantedBug, seed: number): Promise<SeedOutcome | undefined> {
  const [outcome] = await runFleet({ ...choiceOf(bug), seeds: [seed], processes: 1 })
  return outcome
}

function choiceOf({ needs = [] }: PlantedBug) {
  return { mode: 'liveness' as const, store: 'memory' as const, operations: huntOperations, only: needs }
}
