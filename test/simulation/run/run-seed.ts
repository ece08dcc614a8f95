import type { StoreKeeper } from '../database/store.ts'
import { judgeEnd } from '../judge/judge-end.ts'
import { Violation } from '../judge/violation.ts'
import { watchSafety } from '../judge/watch-safety.ts'
import { operations } from '../operations/all-operations.ts'
import type { Random } from '../scheduler/random.ts'
import { Trace } from '../trace.ts'
import { beginTroubles, endTroubles, strikers, troubleShares } from '../troubles/all-troubles.ts'
import { planOf } from '../world/plan.ts'
import { World } from '../world/world.ts'
import { beginChaos, chaosGapMs, judgeChaos } from './chaos.ts'
import { letTimePass } from './let-time-pass.ts'

/** Safety only watches; liveness ends all trouble, waits and compares; chaos is a whole day, compared once. */
export type RunMode = 'safety' | 'liveness' | 'chaos'

export type SeedWish = {
  seed: number
  mode: RunMode
  /** How many things happen before the run ends. */
  operations: number
  /** How many lines of the trace to keep. */
  keep?: number
  /** Stops after so many things, to look at what there is then. */
  until?: number | undefined
  /** Only these kinds of trouble, instead of those that the seed chose. */
  only?: readonly string[]
  /** Looks at the world when a run has ended, however it ended. */
  onEnd?: (world: World) => Promise<void>
}

export type SeedOutcome = {
  seed: number
  violation: { invariant: string; says: string; after: number } | null
  steps: number
  hash: string
  coverage: Record<string, number>
  /** The last steps, and the story of the run, as much as was to be kept. */
  lines: readonly string[]
  story: readonly string[]
}

/** One whole run: the same seed is the same run, to the last step. */
export async function runSeed(keeper: StoreKeeper, wish: SeedWish): Promise<SeedOutcome> {
  const trace = new Trace(wish.keep ?? 0)
  const chosen = planOf({ seed: wish.seed, operations: wish.operations, troubles: troubleShares })
  const only = wish.mode === 'chaos' ? [] : wish.only
  const plan = only === undefined ? chosen : { ...chosen, troubles: new Set(only) }
  const world = await World.open(plan, keeper, trace)
  const progress = { done: 0 }
  const violation = await violationOf(() => live(world, wish, progress), progress)
  await wish.onEnd?.(world)
  await world.close()
  const { count: steps, hash, lines, story } = trace
  return { seed: wish.seed, violation, steps, hash, lines, story, coverage: world.coverage.toJSON() }
}

async function live(world: World, wish: SeedWish, progress: { done: number }): Promise<void> {
  const dice = world.plan.random.fork('life')
  watchSafety(world)
  world.start('web')
  for (let worker = 0; worker < world.plan.workers; worker++) world.start('worker')
  await letTimePass(world, dice.between(2_000, 30_000))
  if (wish.mode === 'chaos') beginChaos(world)
  else beginTroubles(world)
  const count = Math.min(wish.until ?? wish.operations, wish.operations)
  for (; progress.done < count; progress.done++) {
    await somethingHappens(world, dice)
    await letTimePass(world, wish.mode === 'chaos' ? chaosGapMs(dice, wish.operations) : gapMs(dice))
  }
  if (wish.mode === 'safety' || wish.until !== undefined) return
  await endTroubles(world)
  if (wish.mode === 'chaos') await judgeChaos(world)
  else await judgeEnd(world)
}

/** An operation, or trouble; when there is nothing to do one with, another. */
async function somethingHappens(world: World, dice: Random): Promise<void> {
  const choices = [...operations, ...strikers(world)].map((value) => ({ weight: value.weight, value }))
  for (let attempt = 0; attempt < 20; attempt++) {
    const chosen = dice.weighted(choices)
    if (!(await chosen.run(world, dice))) continue
    world.coverage.count(chosen.name)
    return
  }
}

/** Mostly at once or within seconds, so that things meet; now and then minutes, rarely an hour. */
function gapMs(dice: Random): number {
  return dice.weighted([
    { weight: 30, value: dice.below(400) },
    { weight: 40, value: dice.below(4_000) },
    { weight: 20, value: dice.below(30_000) },
    { weight: 8, value: dice.below(5 * 60_000) },
    { weight: 0.5, value: dice.below(60 * 60_000) },
  ])
}

async function violationOf(run: () => Promise<void>, progress: { done: number }): Promise<SeedOutcome['violation']> {
  try {
    await run()
    return null
  } catch (problem) {
    const after = progress.done
    if (problem instanceof Violation) return { invariant: problem.invariant, says: problem.message, after }
    // A task of the simulation itself, or of the engine where nobody catches: the process would have ended.
    const says = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem)
    return { invariant: 'I16', says: `nobody caught: ${says}`, after }
  }
}
