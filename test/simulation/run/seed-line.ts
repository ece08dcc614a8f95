import type { StoreKind } from '../database/store.ts'
import type { RunMode } from './run-seed.ts'

/** Everything that decides a run. */
export type RunChoice = {
  mode: RunMode
  store: StoreKind
  operations: number
  /** Only these kinds of trouble; all that the seed chose when absent. */
  only?: readonly string[]
}

/** The one line that replays a run. */
export function seedLine(seed: number, { mode, store, operations, only }: RunChoice): string {
  const troubles = only === undefined ? '' : ` --only "${only.join(',')}"`
  return `bin/story sync --seed ${seed} --mode ${mode} --store ${store} --operations ${operations}${troubles}`
}
