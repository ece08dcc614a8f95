import type { ReservationRow } from '#reservations/queries.ts'
import { mayBecome } from '#reservations/state.ts'
import type { World } from '../world/world.ts'
import { Violation } from './violation.ts'

const holding: readonly string[] = ['awaiting_confirmation', 'awaiting_approval', 'confirmed']

/**
 * After every commit that touches reservations: I4, what is cancelled stays cancelled; I8, no two hold a room at one time; and every
 * change of state is one that the table of states has.
 */
export function watchReservations(world: World): void {
  const known = new Map<string, ReservationRow>()
  world.commitWatchers.push(async ({ written }) => {
    if (!written.some(({ table }) => table === 'reservations')) return
    const rows = await world.scheduler.during(world.store.beside.selectFrom('reservations').selectAll().execute())
    for (const row of rows) judgeChange(known.get(row.id), row)
    judgeOverlaps(rows)
    for (const row of rows) known.set(row.id, row)
  })
}

function judgeChange(before: ReservationRow | undefined, after: ReservationRow): void {
  if (!before || before.state === after.state) return
  if (before.state === 'cancelled')
    throw new Violation('I4', `reservation ${after.id} was cancelled and is ${after.state} again`)
  if (!mayBecome(before.state, after.state))
    throw new Violation('I4', `reservation ${after.id} went from ${before.state} to ${after.state}`)
}

function judgeOverlaps(rows: readonly ReservationRow[]): void {
  const held = rows
    .filter(({ state }) => holding.includes(state))
    .sort((one, other) => one.starts_at.getTime() - other.starts_at.getTime())
  for (const [roomId, some] of Map.groupBy(held, (row) => row.room_id)) {
    some.forEach((row, index) => {
      const next = some[index + 1]
      if (next && next.starts_at < row.ends_at)
        throw new Violation('I8', `${row.id} and ${next.id} hold room ${roomId} at one time`)
    })
  }
}
