import type { Written } from '../database/commit-hook.ts'
import type { World } from '../world/world.ts'
import { Violation } from './violation.ts'

/**
 * I12: what is written down about an event (where it is, that a change is done) is written by whoever holds the lane of its room at
 * that moment. A worker whose lease went to another can no longer commit it.
 */
export function watchFences(world: World): void {
  world.commitWatchers.push(async ({ process, written }) => {
    if (process.duty !== 'worker') return
    const guarded = written.find(isGuarded)
    if (!guarded) return
    await world.scheduler.during(judge(world, process.name, guarded))
  })
}

function isGuarded({ table, text }: Written): boolean {
  return table === 'event_links' && /set .*"(event_id|digest|ended_by|attempting_since)" = /.test(text)
}

async function judge(world: World, process: string, { parameters }: Written): Promise<void> {
  const { beside } = world.store
  const reservationId = String(parameters.at(-1))
  const row = await beside
    .selectFrom('reservations')
    .select('room_id')
    .where('id', '=', reservationId)
    .executeTakeFirst()
  const lane = `reservations ${row?.room_id}`
  const lease = await beside
    .selectFrom('leases')
    .select(['owner', 'expires_at'])
    .where('lane', '=', lane)
    .executeTakeFirst()
  const holder = lease ? world.issuerOf(lease.owner) : 'nobody'
  if (holder === process) return
  throw new Violation('I12', `${process} wrote about reservation ${reservationId} while ${holder} had the lane ${lane}`)
}
