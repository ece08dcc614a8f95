import type { Random } from '../scheduler/random.ts'
import type { World } from '../world/world.ts'
import { type Trouble, untilNextComparison } from './trouble.ts'

const always = 1_000_000

/** What befalls calls on their way, and what Graph answers on bad days. */
export const networkTroubles: readonly Trouble[] = [
  { name: 'call lost', begin: (world) => void Object.assign(world.weather, { lostBefore: 0.05 }) },
  { name: 'answer lost', begin: (world) => void Object.assign(world.weather, { lostAfter: 0.08 }) },
  { name: 'slow call', begin: (world) => void Object.assign(world.weather, { slow: 0.06 }) },
  { name: 'mailbox clogged', weight: 2, strike: clog },
  {
    name: 'throttled',
    begin: (world, dice) => addFault(world, { answer: 'throttled', probability: 0.05, retryAfter: retryAfter(dice) }),
  },
  { name: 'throttled without a word', begin: (world) => addFault(world, { answer: 'throttled', probability: 0.04 }) },
  {
    name: 'unavailable',
    begin: (world, dice) => addFault(world, { answer: 'unavailable', probability: 0.05, retryAfter: retryAfter(dice) }),
  },
  { name: 'gateway time-out', begin: (world) => addFault(world, { answer: 'gatewayTimeout', probability: 0.04 }) },
  { name: 'server error', begin: (world) => addFault(world, { answer: 'serverError', probability: 0.04 }) },
  { name: 'page of a proxy', begin: (world) => addFault(world, { answer: 'htmlError', probability: 0.03 }) },
  { name: 'truncated answer', begin: (world) => addFault(world, { answer: 'truncated', probability: 0.03 }) },
  { name: 'error in a 200', begin: (world) => addFault(world, { answer: 'errorIn200', probability: 0.03 }) },
  {
    name: 'malformed answer',
    begin: (world, dice) => addFault(world, { match: 'GET /v1.0/**', probability: 0.03, spoil: dice.pick(spoilt) }),
    end: untilNextComparison,
  },
  { name: 'mailbox moves', weight: 1, strike: moveMailbox },
  { name: 'outage', weight: 0.5, strike: outage },
]

/** What no contract allows and has been seen all the same. */
const spoilt: readonly Record<string, unknown>[] = [
  { start: { dateTime: 'soon', timeZone: 'UTC' } },
  { end: null },
  { iCalUId: 7 },
  { attendees: 'none' },
]

type FaultWish = Partial<Parameters<World['outside']['tenant']['faults']['put']>[0]>

let serial = 0

/** A fault of the tenant's own for any request of Graph, counted when it happens. */
export function addFault(world: World, wish: FaultWish): void {
  const id = `simulated ${++serial}`
  const nothing = { status: null, headers: {}, body: null, delayMs: 0, dropAfter: false, dropBefore: false }
  world.outside.tenant.faults.put({ id, match: '* /v1.0/**', times: always, ...nothing, ...wish })
}

/** Every way in which it has been seen, and some in which it has not. */
function retryAfter(dice: Random): string | { dateInMs: number } {
  return dice.pick<string | { dateInMs: number }>([
    '0',
    '1',
    '2.128',
    '30',
    '120',
    '600',
    '-5',
    'soon',
    { dateInMs: 45_000 },
  ])
}

/** Swizzle: nothing gets through to some mailboxes for a while, one after the other, and they are let go in another order. */
function clog(world: World, dice: Random): boolean {
  const mailboxes = dice
    .shuffled([...world.plan.rooms.map(({ email }) => email), ...world.mailboxesOfPeople()])
    .slice(0, 3)
  for (const mailbox of mailboxes) {
    world.scheduler.start(async () => {
      await world.scheduler.wait(null, dice.below(5_000), { label: 'clogging' })
      world.weather.clogged.set(mailbox.toLowerCase(), 30_000)
      await world.scheduler.wait(null, dice.between(2_000, 90_000), { label: 'unclogging' })
      world.weather.clogged.delete(mailbox.toLowerCase())
    })
  }
  return true
}

function moveMailbox(world: World, dice: Random): boolean {
  const { tenant } = world.outside
  const mailbox = tenant.findUser(
    dice.pick([...world.plan.rooms.map(({ email }) => email), ...world.mailboxesOfPeople()]),
  )
  if (!mailbox) return false
  const until = new Date(world.scheduler.nowMs + dice.between(5_000, 180_000)).toISOString()
  tenant.mailboxMoves.put({ id: mailbox.id, until, retryAfter: dice.pick([null, '10']) })
  return true
}

/** Nothing of Microsoft answers for minutes, or for hours. */
function outage(world: World, dice: Random): boolean {
  const lostMs = dice.pick([2 * 60_000, 20 * 60_000, 3 * 60 * 60_000])
  const before = world.weather.lostBefore
  world.weather.lostBefore = 1
  world.scheduler.start(async () => {
    await world.scheduler.wait(null, dice.below(lostMs), { label: 'outage ends' })
    if (world.weather.lostBefore === 1) world.weather.lostBefore = before
  })
  return true
}
