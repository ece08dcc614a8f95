import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { SeedOutcome } from './run-seed.ts'
import type { RunChoice } from './seed-line.ts'

export type FleetWish = RunChoice & {
  seeds: readonly number[]
  /** How many processes share the work. */
  processes: number
  /** A planted bug, for all of them. */
  planted?: string
  /** No more seeds are begun after so many violations. */
  violationsMax?: number
  onOutcome?: (outcome: SeedOutcome, doneCount: number) => void
}

/** What the parent sends, one chunk at a time, and what comes back, one seed at a time. */
export type FleetTask = RunChoice & { seeds: number[] }
export type FleetNews = { is: 'ready' } | { is: 'outcome'; outcome: SeedOutcome } | { is: 'done' }

/** Small enough that the processes end together. */
const chunkSize = 10

const worker = path.join(import.meta.dirname, 'fleet-worker.ts')
const planter = path.join(import.meta.dirname, '../planted/plant.ts')

/** Runs seeds in several processes, each with a store of its own. Outcomes come in any order; each seed is the same run wherever it ran. */
export async function runFleet(wish: FleetWish): Promise<SeedOutcome[]> {
  const outcomes: SeedOutcome[] = []
  const left = [...wish.seeds]
  const nextTask = (): FleetTask | null => {
    const violations = outcomes.filter(({ violation }) => violation !== null).length
    if (violations >= (wish.violationsMax ?? Number.POSITIVE_INFINITY)) left.length = 0
    const seeds = left.splice(0, wish.violationsMax === 1 ? 1 : chunkSize)
    const { mode, store, operations, only } = wish
    return seeds.length === 0 ? null : { seeds, mode, store, operations, ...(only ? { only } : {}) }
  }
  const note = (outcome: SeedOutcome) => {
    outcomes.push(outcome)
    wish.onOutcome?.(outcome, outcomes.length)
  }
  const count = Math.max(1, Math.min(wish.processes, Math.ceil(wish.seeds.length / chunkSize)))
  await Promise.all(Array.from({ length: count }, () => runWorker(wish.planted, nextTask, note)))
  return outcomes.sort((one, other) => one.seed - other.seed)
}

async function runWorker(
  planted: string | undefined,
  nextTask: () => FleetTask | null,
  note: (outcome: SeedOutcome) => void,
): Promise<void> {
  const execArgv = planted === undefined ? [] : ['--import', planter]
  const child = fork(worker, [], {
    execArgv,
    env: { ...process.env, ...(planted ? { SIMULATION_PLANTED: planted } : {}) },
  })
  const ended = once(child, 'exit')
  child.on('message', (news: FleetNews) => {
    if (news.is === 'outcome') note(news.outcome)
    else giveTask(child, nextTask())
  })
  const [code, signal] = await ended
  if (code !== 0) throw new Error(`a process of the simulation ended with ${code ?? signal}`)
}

/** Nothing more to do: the channel closes, and the process ends by itself. */
function giveTask(child: ChildProcess, task: FleetTask | null): void {
  if (task === null) child.disconnect()
  else child.send(task)
}
