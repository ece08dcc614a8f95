import type { World } from '../world/world.ts'
import { watchCalls } from './bounded-calls.ts'
import { watchFences } from './fenced.ts'
import { watchSingleEvents } from './one-event.ts'
import { watchReservations } from './reservation-history.ts'
import { watchIdentity } from './right-identity.ts'
import { tellStory } from './told.ts'

/** Watches what must hold at every moment. */
export function watchSafety(world: World): void {
  tellStory(world)
  watchIdentity(world)
  watchSingleEvents(world)
  watchCalls(world)
  watchReservations(world)
  watchFences(world)
}
