import type { Random } from '../scheduler/random.ts'
import type { World } from '../world/world.ts'

/**
 * Something that can go wrong in a run. A trouble may begin with the run and go on by itself, or strike now and then among the operations;
 * all of them are over when a run is to settle.
 */
export type Trouble = {
  name: string
  /** Turned on at the beginning of a run. */
  begin?: (world: World, dice: Random) => void
  /** How often it strikes, beside operations. */
  weight?: number
  /** False when there was nothing to strike. */
  strike?: (world: World, dice: Random) => boolean | Promise<boolean>
  /** Makes well again what is not over by itself. */
  end?: (world: World) => void | Promise<void>
}
