import { Violation } from '../judge/violation.ts'
import type { World } from '../world/world.ts'

/** More steps than any honest hour of this small company takes: whoever needs more goes round in circles. */
const stepsMax = 300_000

/** Lets everybody go on for so long. A task that waits for a lock of the database is woken by the database. */
export async function letTimePass(world: World, ms: number, until: () => boolean = () => false): Promise<void> {
  const untilMs = world.scheduler.nowMs + ms
  const budget = world.trace.count + stepsMax + ms / 20
  const enough = () => {
    if (world.trace.count > budget) throw new Violation('I11', `more than ${stepsMax} steps within ${ms} ms`)
    return until()
  }
  do await world.scheduler.run({ untilMs, until: enough })
  while (!until() && (await world.store.wakeWaiters()))
}
