import { readOne } from '#reservations/list.ts'
import { readRoomFresh } from '#watch/read-fresh.ts'
import type { Random } from '../scheduler/random.ts'
import type { World } from '../world/world.ts'
import { actorOf, type Operation, request } from './operation.ts'

/** Pages that people open: what they show is read afresh. */
export const pageOperations: readonly Operation[] = [
  { name: 'open a reservation', weight: 3, run: openReservation },
  { name: 'open a room', weight: 1, run: openRoom },
]

async function openReservation(world: World, dice: Random): Promise<boolean> {
  const row = await world.people.someReservation(dice, ({ requested_for_id: owner }) => owner !== null)
  if (!row?.requested_for_id) return false
  const actor = actorOf(row.requested_for_id)
  return request(world, `open ${row.id.slice(-6)}`, ({ reservations }) => readOne(reservations, actor, row.id))
}

function openRoom(world: World, dice: Random): boolean {
  const room = dice.pick(world.plan.rooms)
  return request(world, `open ${room.name}`, ({ watch }) => readRoomFresh(watch, room.id))
}
