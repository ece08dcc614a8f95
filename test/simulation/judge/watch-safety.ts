import type { World } from '../world/world.ts'
import { watchCalls } from './bounded-calls.ts'
import { watchCauses } from './causes.ts'
import { watchFences } from './fenced.ts'
import { watchSingleEvents } from './one-event.ts'
import { watchReservations } from './reservation-history.ts'
import { watchIdentity } from './right-identity.ts'
import { tellStory } from './told.ts'

/** Watches what must hold at every moment. */
export function watchSafety(world: World): void {
  followConfiguration(world)
  tellStory(world)
  watchIdentity(world)
  watchSingleEvents(world)
  watchCalls(world)
  watchReservations(world)
  watchFences(world)
  watchCauses(world)
}

const configured: readonly string[] = ['calendar_providers', 'sync_configurations', 'properties']

/** What is right depends on what an administrator has set, from the moment it is. */
function followConfiguration({ commitWatchers, configuration, scheduler, store, plan }: World): void {
  commitWatchers.push(async ({ written }) => {
    if (!written.some(({ table }) => configured.includes(table))) return
    await scheduler.during(configuration.follow(store, plan, scheduler.nowMs))
  })
}
