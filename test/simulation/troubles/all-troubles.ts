import type { Operation } from '../operations/operation.ts'
import { planOf } from '../world/plan.ts'
import type { World } from '../world/world.ts'
import { administrationTroubles } from './administration.ts'
import { networkTroubles } from './network.ts'
import { peopleTroubles } from './people.ts'
import { processTroubles } from './processes.ts'
import { tokenTroubles } from './tokens.ts'
import type { Trouble } from './trouble.ts'
import { turnBack, watchingTroubles } from './watching.ts'

const troubles: readonly Trouble[] = [
  ...processTroubles,
  ...networkTroubles,
  ...tokenTroubles,
  ...watchingTroubles,
  ...peopleTroubles,
  ...administrationTroubles,
]

export const troubleNames = troubles.map(({ name }) => name)

/** A quarter of all kinds are possible in any one run, so that some runs are nearly quiet and in others much comes together. */
const usualShare = 0.25

/** Names and how often each is possible at all. */
export const troubleShares = troubles.map(({ name, share = usualShare }) => ({ name, share }))

/** Names of the troubles that a seed chooses. */
export function activeTroubles(seed: number): string[] {
  return [...planOf({ seed, operations: 0, troubles: troubleShares }).troubles]
}

/** Those that are possible in this run. */
function active(world: World): Trouble[] {
  return troubles.filter(({ name }) => world.plan.troubles.has(name))
}

export function beginTroubles(world: World): void {
  const dice = world.plan.random.fork('troubles')
  for (const { begin } of active(world)) begin?.(world, dice)
}

/** Those that strike among the operations. */
export function strikers(world: World): Operation[] {
  return active(world).flatMap(({ name, weight = 0, strike }) => (strike ? [{ name, weight, run: strike }] : []))
}

/** From now on everything is well: whatever was broken works, whoever was missing is back. */
export async function endTroubles(world: World): Promise<void> {
  world.weather.calm()
  world.outside.tenant.faults.clear()
  world.outside.tenant.mailboxMoves.clear()
  turnBack(world)
  world.bringBack()
  for (const { end } of troubles) await end?.(world)
}
