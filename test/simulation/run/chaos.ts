import { readRoomFresh } from '#watch/read-fresh.ts'
import { findDisagreement } from '../judge/agreement.ts'
import { judgeLostUpdates } from '../judge/lost-updates.ts'
import { findWaiting, judgeQuiet } from '../judge/nothing-left.ts'
import { Violation } from '../judge/violation.ts'
import { request } from '../operations/operation.ts'
import type { Random } from '../scheduler/random.ts'
import { addFault } from '../troubles/network.ts'
import type { World } from '../world/world.ts'
import { letTimePass } from './let-time-pass.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** A day as days are: some notifications never come, some come twice, Microsoft has trouble now and then, and tokens lapse. */
export function beginChaos(world: World): void {
  world.outside.tenant.turnSwitches({ notificationDrops: 0.01, notificationDuplicates: 0.05 })
  addFault(world, { answer: 'serverError', probability: 0.01 })
  addFault(world, { answer: 'unavailable', probability: 0.01, retryAfter: '5' })
  world.scheduler.start(async () => {
    for (;;) {
      await world.scheduler.wait(null, 90 * minuteMs, { label: 'tokens lapse' })
      world.tokens.expireAll()
      world.coverage.count('tokens lapse')
    }
  })
}

/** So that all that happens takes a day. */
export function chaosGapMs(dice: Random, operations: number): number {
  return dice.below((2 * dayMs) / operations)
}

/** What may still be on its way when the day is over: mail, and the hints of notifications. */
const lastMailMs = 2 * minuteMs

/** How long one comparison of all rooms may take, with what it finds carried out. */
const comparisonMsMax = 3 * minuteMs

/** After one comparison of every room nothing differs (drift 0), nothing was lost, and nothing moves any more. */
export async function judgeChaos(world: World): Promise<void> {
  await letTimePass(world, lastMailMs)
  await world.store.beside.updateTable('room_watches').set({ whole_read_at: null }).execute()
  for (const room of world.plan.rooms)
    request(world, `compare ${room.name}`, ({ watch }) => readRoomFresh(watch, room.id))
  const untilMs = world.scheduler.nowMs + comparisonMsMax
  for (;;) {
    await letTimePass(world, 10_000)
    const drift = (await findWaiting(world)) ?? (await findDisagreement(world))
    if (drift === null) break
    if (world.scheduler.nowMs > untilMs) throw new Violation(drift.invariant, `after one comparison: ${drift.says}`)
  }
  await judgeLostUpdates(world)
  await judgeQuiet(world)
}
