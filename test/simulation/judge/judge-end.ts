import type { World } from '../world/world.ts'
import { judgeAgreement } from './agreement.ts'
import { judgeOutbox, judgeQuiet } from './nothing-left.ts'

/** Judges a run that has settled. */
export async function judgeEnd(world: World): Promise<void> {
  await judgeOutbox(world)
  await judgeAgreement(world)
  await judgeQuiet(world)
}
