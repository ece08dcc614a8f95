import type { Switches } from '../../../emulator/model.ts'
import { defaultSwitches } from '../../../emulator/switches.ts'
import type { Random } from '../scheduler/random.ts'
import type { World } from '../world/world.ts'
import { type Trouble, untilNextComparison } from './trouble.ts'

/** A trouble that is one of the tenant's own switches, turned for the whole run. */
function switched(name: string, choose: (dice: Random) => Partial<Switches>): Trouble {
  return {
    name,
    begin: (world, dice) => {
      world.outside.tenant.turnSwitches(choose(dice))
      world.coverage.count(name)
    },
  }
}

/** What befalls notifications, subscriptions and delta. */
export const watchingTroubles: readonly Trouble[] = [
  switched('notifications are lost', (dice) => ({ notificationDrops: dice.pick([0.05, 0.5, 1]) })),
  switched('notifications come twice', () => ({ notificationDuplicates: 0.4 })),
  switched('notifications overtake each other', () => ({ notificationReorders: 0.5 })),
  switched('notifications are late', () => ({ notificationDelays: 0.3 })),
  switched('notifications are forged', () => ({ notificationWrongClientState: 0.2 })),
  { name: 'notifications lie', begin: (world) => void Object.assign(world.weather, { lies: 0.3 }) },
  switched('delivery rests with the token', () => ({ notificationsPauseWithToken: 'both' })),
  switched('subscriptions are short', () => ({ subscriptionLongestMinutes: 60, subscriptionOverlong: 'shorten' })),
  switched('subscriptions vanish', () => ({ subscriptionVanishes: 0.1 })),
  { name: 'subscription removed', weight: 1, strike: removeSubscription },
  switched('delta tokens are forgotten', () => ({ deltaGone: 0.15, deltaGoneAs: 'any' })),
  switched('delta tokens grow old', () => ({ deltaTokenLifeMs: 3 * 60_000 })),
  switched('delta replays', () => ({ deltaReplays: 0.3 })),
  switched('delta repeats items', () => ({ deltaDuplicates: 0.3 })),
  switched('delta has empty pages', () => ({ deltaEmptyPages: 0.4 })),
  switched('delta names only ids', () => ({ deltaSparseTombstones: true })),
  switched('delta is late', (dice) => ({ deltaDelayMs: dice.pick([2_000, 20_000]) })),
  switched('delta links lead away', () => ({ deltaForeignLinks: 0.1 })),
  {
    ...switched('delta is silent about deletions', () => ({ deltaSilentDeletions: 0.4 })),
    share: 0.03, // it takes a day to find out
    end: untilNextComparison,
  },
  { name: 'mailbox looks empty', weight: 1.5, strike: emptyList, end: untilNextComparison },
  switched('bodies are reformatted', () => ({ reformatsBodies: true })),
  switched('attendees are rewritten', () => ({ rewritesAttendees: true })),
]

/** Microsoft takes a subscription away, and says so, or does not. */
function removeSubscription(world: World, dice: Random): boolean {
  const all = world.outside.tenant.subscriptions.list()
  if (all.length === 0) return false
  world.outside.tenant.subscriptions.delete(dice.pick(all).id)
  return true
}

/** One list comes back empty although nothing was deleted. */
function emptyList(world: World, dice: Random): boolean {
  const { tenant } = world.outside
  const nothing = { status: null, headers: {}, body: null, delayMs: 0, dropAfter: false, dropBefore: false }
  const mailbox = dice.pick(world.plan.rooms).email
  tenant.faults.put({
    id: `empty ${world.nextNumber()}`,
    match: 'GET /v1.0/users/**',
    times: 1,
    mailbox,
    emptyList: true,
    ...nothing,
  })
  return true
}

/** Everything as Microsoft documents it. */
export function turnBack(world: World): void {
  const { deliveryDelayMs } = world.plan.switches
  world.outside.tenant.turnSwitches({
    ...defaultSwitches,
    ...(deliveryDelayMs === undefined ? {} : { deliveryDelayMs }),
  })
}
