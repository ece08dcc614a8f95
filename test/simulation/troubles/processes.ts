import { letTimePass } from '../run/let-time-pass.ts'
import type { Random } from '../scheduler/random.ts'
import type { Running, World } from '../world/world.ts'
import type { Trouble } from './trouble.ts'

/** What befalls the service's own processes. */
export const processTroubles: readonly Trouble[] = [
  { name: 'kill worker', weight: 5, strike: (world, dice) => killSoon(world, dice, world.workers()) },
  { name: 'kill web', weight: 2, strike: (world, dice) => killSoon(world, dice, [world.web()]) },
  { name: 'kill everybody', weight: 0.5, strike: killAll },
  { name: 'down for days', share: 0.1, weight: 0.5, strike: downForDays },
  { name: 'freeze', weight: 3, strike: freeze, end: thaw },
  { name: 'clock skew', begin: (world) => void Object.assign(world.weather, { skewMsMax: 10 * 60_000 }) },
  {
    name: 'doubled jobs',
    begin: (world, dice) => void Object.assign(world.weather.queue, { doubled: dice.pick([0.05, 0.3]) }),
  },
]

/** In the middle of what it does next, however far into it; another takes its place after a while. */
function killSoon(world: World, dice: Random, candidates: readonly (Running | null)[]): boolean {
  const alive = candidates.filter((one) => one !== null)
  if (alive.length === 0) return false
  const process = dice.pick(alive)
  world.doom(process, dice.below(40), () => startAgain(world, process.duty, dice.below(40_000)))
  return true
}

function killAll(world: World, dice: Random): boolean {
  const all = [...world.processes]
  for (const process of all) {
    world.kill(process)
    startAgain(world, process.duty, dice.below(5 * 60_000))
  }
  return all.length > 0
}

/** Nothing of the service runs for hours or days: subscriptions lapse, windows grow old, and Outlook goes on. */
async function downForDays(world: World, dice: Random): Promise<boolean> {
  const duties = [...world.processes].map((process) => {
    world.kill(process)
    return process.duty
  })
  await letTimePass(world, dice.between(2, 12 * 24) * hourMs)
  for (const duty of duties) world.start(duty)
  return duties.length > 0
}

const hourMs = 60 * 60_000

function startAgain(world: World, duty: Running['duty'], afterMs: number): void {
  world.scheduler.start(async () => {
    await world.scheduler.wait(null, afterMs, { label: 'restart' })
    world.start(duty)
  })
}

/** Stands still for up to a minute, as in a long pause of a virtual machine, and then goes on as if nothing had been. */
function freeze(world: World, dice: Random): boolean {
  const running = [...world.processes].filter(({ state }) => state === 'running')
  if (running.length === 0) return false
  const process = dice.pick(running)
  process.state = 'frozen'
  world.note(`${process.name} stands still`)
  world.scheduler.start(() => world.queue.noticeFrozen(process))
  world.scheduler.start(async () => {
    await world.scheduler.wait(null, dice.between(1_000, 60_000), { label: 'thaw' })
    if (process.state === 'frozen') process.state = 'running'
  })
  return true
}

function thaw(world: World): void {
  for (const process of world.processes) if (process.state === 'frozen') process.state = 'running'
}
