import type { World } from '../world/world.ts'
import { letTimePass } from './let-time-pass.ts'

const minuteMs = 60_000

/** Two safety polls of a healthy room, and what a retry, a lost job's heartbeat and a look may take besides. */
export const settlingMs = 2 * 5 * minuteMs + 8 * minuteMs

/** With everything well again and nobody doing anything: after this long both sides must agree. */
export async function settle(world: World): Promise<void> {
  await letTimePass(world, settlingMs)
}
