import type { StoreKeeper } from '../database/store.ts'
import { activeTroubles } from '../troubles/all-troubles.ts'
import { runSeed } from './run-seed.ts'
import type { RunChoice } from './seed-line.ts'

/**
 * Makes a failing run smaller: without each kind of trouble that it fails without, and with as few operations as it fails with. What is
 * left is what the bug needs.
 */
export async function shrink(keeper: StoreKeeper, seed: number, choice: RunChoice): Promise<RunChoice> {
  const fails = async (other: RunChoice) => (await runSeed(keeper, { seed, ...other })).violation !== null
  let smallest = { ...choice, only: [...(choice.only ?? activeTroubles(seed))] }
  for (const trouble of [...smallest.only]) {
    const without = { ...smallest, only: smallest.only.filter((name) => name !== trouble) }
    if (await fails(without)) smallest = without
  }
  for (const part of [0.25, 0.5, 0.75]) {
    const shorter = { ...smallest, operations: Math.max(1, Math.floor(choice.operations * part)) }
    if (!(await fails(shorter))) continue
    return shorter
  }
  return smallest
}
