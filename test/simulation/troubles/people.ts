import { editSomehow } from '../operations/outlook.ts'
import { eventIdIn } from '../outside/call.ts'
import type { Random } from '../scheduler/random.ts'
import type { World } from '../world/world.ts'
import type { Trouble } from './trouble.ts'

/** People who do something at the worst moment. */
export const peopleTroubles: readonly Trouble[] = [{ name: 'somebody is faster', begin: lurk }]

/** When the service has read a meeting, and before it writes what it found out, somebody changes the meeting in Outlook. */
function lurk(world: World, dice: Random): void {
  world.weather.faster = 0.5
  world.network.watch({
    arrived: (call) => {
      const id = eventIdIn(call)
      if (call.method !== 'GET' || id === null || !dice.chance(world.weather.faster)) return
      const item = world.outside.tenant.events.get(id)
      const isToCome = item?.isOrganizer && item.deletedAt === null && !item.isCancelled && item.endsAt > nowText(world)
      if (item && isToCome && editSomehow(world, dice, item)) world.coverage.count('somebody is faster')
    },
  })
}

function nowText({ scheduler }: World): string {
  return scheduler.now().toISOString()
}
