import { parseArgs } from 'node:util'
import type { StoreKind } from '../database/store.ts'
import type { RunMode } from './run-seed.ts'
import type { RunChoice } from './seed-line.ts'

export type Arguments = RunChoice & {
  /** One seed with its trace; null for many. */
  seed: number | null
  from: number
  seeds: number
  until: number | undefined
  planted: string | undefined
  processes: number
  trace: number
  /** Every step, instead of the story only. */
  steps: boolean
}

export const usage = `bin/story sync --seed N [--until K]        one run, with the last lines of its trace
bin/story sync [--seeds COUNT] [--from N]   many runs, over both cores
  --mode MODE               liveness (the default) ends all trouble, waits and compares both sides; safety only watches;
                            chaos is a day with 1 % of notifications lost, 5 % doubled, 2 % of calls failing, tokens lapsing
  --store memory|postgres   memory is the default
  --operations COUNT        how many things happen in a run (40)
  --only "NAME,NAME"        no other kinds of trouble than these
  --planted NAME            with a bug from test/simulation/planted
  --trace LINES             how many lines of the run's story (100)
  --steps                   every step instead of the story
  --processes COUNT         how many processes share the work (2)`

/** Reads the command line. @throws with a sentence when it cannot be understood. */
export function readArguments(given: readonly string[]): Arguments {
  const { values } = parseArgs({ args: [...given], options })
  const mode = oneOf<RunMode>('--mode', values.mode, ['liveness', 'safety', 'chaos'])
  const store = oneOf<StoreKind>('--store', values.store, ['memory', 'postgres'])
  return {
    mode,
    store,
    seed: values.seed === undefined ? null : number('--seed', values.seed),
    from: number('--from', values.from),
    seeds: number('--seeds', values.seeds),
    operations: number('--operations', values.operations),
    processes: number('--processes', values.processes),
    trace: number('--trace', values.trace),
    steps: values.steps,
    until: values.until === undefined ? undefined : number('--until', values.until),
    planted: values.planted,
    ...(values.only === undefined ? {} : { only: values.only.split(',').filter((name) => name !== '') }),
  }
}

const options = {
  seed: { type: 'string' },
  from: { type: 'string', default: '1' },
  seeds: { type: 'string', default: '2000' },
  operations: { type: 'string', default: '40' },
  processes: { type: 'string', default: '2' },
  trace: { type: 'string', default: '100' },
  steps: { type: 'boolean', default: false },
  until: { type: 'string' },
  mode: { type: 'string', default: 'liveness' },
  store: { type: 'string', default: 'memory' },
  only: { type: 'string' },
  planted: { type: 'string' },
} as const

function number(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new Error(`${name} wants a whole number, not "${text}".`)
  return value
}

function oneOf<T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text)
  if (found === undefined) throw new Error(`${name} is one of ${choices.join(', ')}, not "${text}".`)
  return found
}
