import { findDisagreement } from '../judge/agreement.ts'
import { findWaiting } from '../judge/nothing-left.ts'
import { Violation } from '../judge/violation.ts'
import type { World } from '../world/world.ts'
import { letTimePass } from './let-time-pass.ts'

const minuteMs = 60_000

/** Two safety polls of a healthy room, and what a retry, a lost job's heartbeat and a look may take besides. */
const settlingMsMax = 2 * 5 * minuteMs + 8 * minuteMs

const lookEveryMs = minuteMs

/**
 * With everything well again and nobody doing anything, both sides come to agree within bounded time (I3), and everything that was
 * acknowledged has gone out (I1).
 */
export async function settle(world: World): Promise<void> {
  const startedMs = world.scheduler.nowMs
  const untilMs = world.scheduler.nowMs + Math.max(settlingMsMax, world.settlesAfterMs) + world.longestPauseMs()
  for (;;) {
    await letTimePass(world, lookEveryMs * (world.scheduler.nowMs - startedMs > settlingMsMax ? 30 : 1))
    const wrong = (await findWaiting(world)) ?? (await findDisagreement(world))
    if (wrong === null) return
    if (world.scheduler.nowMs >= untilMs) throw new Violation(wrong.invariant, wrong.says)
  }
}
