import type { Random } from '../scheduler/random.ts'
import type { World } from '../world/world.ts'

/**
 * Something that can go wrong in a run. A trouble may begin with the run and go on by itself, or strike now and then among the operations;
 * all of them are over when a run is to settle.
 */
export type Trouble = {
  name: string
  /** In which part of all runs it is possible; a quarter when it does not say. */
  share?: number
  /** Turned on at the beginning of a run. */
  begin?: (world: World, dice: Random) => void
  /** How often it strikes, beside operations. */
  weight?: number
  /** False when there was nothing to strike. */
  strike?: (world: World, dice: Random) => boolean | Promise<boolean>
  /** Makes well again what is not over by itself. */
  end?: (world: World) => void | Promise<void>
}

const hourMs = 60 * 60_000

/** What delta keeps to itself only a full comparison finds; it is due once a day, so as much as a day may pass. */
export function untilNextComparison(world: World): void {
  world.settlesAfterMs = 27 * hourMs
}
