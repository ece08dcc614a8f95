import { applicationAlias, delegatedAlias, personalAlias } from '#providers/acting.ts'
import { request } from '../operations/operation.ts'
import type { Random } from '../scheduler/random.ts'
import { users } from '../world/scenery.ts'
import type { World } from '../world/world.ts'
import type { Trouble } from './trouble.ts'

/** What befalls permissions. */
export const tokenTroubles: readonly Trouble[] = [
  { name: 'personal permission withdrawn', weight: 4, strike: withdraw, end: giveAll },
  { name: 'personal permission given', weight: 4, strike: give },
  { name: 'delegated permission withdrawn', weight: 1, strike: (world, dice) => pausing(world, dice, delegatedAlias) },
  {
    name: 'application permission withdrawn',
    weight: 1,
    strike: (world, dice) => pausing(world, dice, applicationAlias),
  },
  { name: 'tokens lapse', weight: 2, strike: lapse },
  { name: 'token endpoint down', weight: 1, strike: endpointDown },
  { name: 'claims challenge', begin: (world) => void world.weather.challenge(world) },
]

function withdraw(world: World, dice: Random): boolean {
  const userId = dice.pick([...users.keys()])
  if (!world.tokens.isGiven(`${personalAlias} ${userId}`)) return false
  world.tokens.withdraw(`${personalAlias} ${userId}`)
  return true
}

function give(world: World, dice: Random): boolean {
  const missing = [...users.keys()].filter((userId) => !world.tokens.isGiven(`${personalAlias} ${userId}`))
  return missing.length > 0 && giveBack(world, dice.pick(missing))
}

/** Somebody signs in again, and what waited for it goes on. */
function giveBack(world: World, userId: string): boolean {
  world.tokens.give(`${personalAlias} ${userId}`)
  return request(world, 'permission given', ({ permissionGiven }) => permissionGiven(userId))
}

function giveAll(world: World): void {
  for (const alias of [applicationAlias, delegatedAlias]) world.tokens.give(alias)
  for (const userId of users.keys()) giveBack(world, userId)
  world.tokens.isEndpointDown = false
}

/** An administrator finds out after a while. */
function pausing(world: World, dice: Random, alias: string): boolean {
  if (!world.tokens.isGiven(alias)) return false
  world.tokens.withdraw(alias)
  world.scheduler.start(async () => {
    await world.scheduler.wait(null, dice.between(10_000, 15 * 60_000), { label: 'administrator' })
    world.tokens.give(alias)
  })
  return true
}

function lapse(world: World): boolean {
  world.tokens.expireAll()
  return true
}

function endpointDown(world: World, dice: Random): boolean {
  world.tokens.isEndpointDown = true
  world.tokens.expireAll()
  world.scheduler.start(async () => {
    await world.scheduler.wait(null, dice.between(5_000, 120_000), { label: 'token endpoint' })
    world.tokens.isEndpointDown = false
  })
  return true
}
