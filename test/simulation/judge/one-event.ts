import type { World } from '../world/world.ts'
import { markIn } from './meeting-of-call.ts'
import { Violation } from './violation.ts'

/** I2: for each generation of a reservation there is at most one event, ever; the transaction id names both. */
export function watchSingleEvents(world: World): void {
  const made = new Map<string, string>()
  world.outside.tenant.events.watch((before, item) => {
    if (before !== undefined || item === undefined || !item.isOrganizer) return
    const reservation = markIn(item)
    if (reservation === null) return
    const key = `${reservation} ${item.transactionId ?? 'without a transaction id'}`
    const known = made.get(reservation)
    made.set(reservation, key)
    if (known !== undefined)
      world.scheduler.fail(new Violation('I2', `a second event for reservation ${reservation}: “${item.subject}”`))
  })
}
