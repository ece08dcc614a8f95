import { settle } from '../run/settle.ts'
import type { World } from '../world/world.ts'
import { judgeLostUpdates } from './lost-updates.ts'
import { judgeQuiet } from './nothing-left.ts'

/** Judges a run after all trouble has ended: it settles, agrees, and stays as it is. */
export async function judgeEnd(world: World): Promise<void> {
  await settle(world)
  await judgeLostUpdates(world)
  await judgeQuiet(world)
}
