import type { SyncMode } from '#providers/contract.ts'
import type { Switches } from '../../../emulator/model.ts'
import { Random } from '../scheduler/random.ts'
import { type Building, idOf } from './cast.ts'
import { pickProfile, type RoomProfile } from './room-profile.ts'
import { pickStart } from './start-time.ts'

export type RoomPlan = {
  id: string
  name: string
  email: string
  building: Building
  profile: RoomProfile
  provider: number
}
export type ProviderPlan = { id: string; name: string; mode: SyncMode | null }

/** What a seed decides before anything happens: which small world, in which mode, with which troubles. */
export type Plan = {
  seed: number
  random: Random
  startMs: number
  /** Of the property; a provider may have its own. */
  mode: SyncMode
  providers: ProviderPlan[]
  rooms: RoomPlan[]
  /** May the application watch rooms where a delegated account acts? Otherwise they are looked at in windows. */
  applicationWatches: boolean
  workers: number
  operations: number
  /** After so long a reservation is given up that its room does not answer; null for what is shipped. */
  expiresAfterMinutes: number | null
  /** Which kinds of trouble can happen in this run; each then has its own chances. */
  troubles: ReadonlySet<string>
  switches: Partial<Switches>
}

export type PlanWish = { seed: number; operations: number; troubles: readonly { name: string; share: number }[] }

const modes: readonly SyncMode[] = ['normal', 'strict', 'personal']

export function planOf({ seed, operations, troubles }: PlanWish): Plan {
  const random = new Random(`seed ${seed}`)
  const dice = random.fork('plan')
  const { startMs, zones } = pickStart(dice)
  const providers = providersOf(dice)
  return {
    seed,
    random,
    startMs,
    mode: dice.pick(modes),
    providers,
    rooms: roomsOf(dice, zones, providers.length),
    applicationWatches: dice.chance(0.6),
    workers: dice.between(1, 3),
    operations,
    troubles: chosenOf(troubles, random.fork('which troubles')),
    expiresAfterMinutes: dice.pick([null, null, 5, 20]),
    switches: { throttle: true, deliveryDelayMs: dice.pick([50, 300, 2_000, 20_000]) },
  }
}

function chosenOf(troubles: PlanWish['troubles'], dice: Random): Set<string> {
  return new Set(troubles.filter(({ share }) => dice.chance(share)).map(({ name }) => name))
}

function providersOf(dice: Random): ProviderPlan[] {
  const count = dice.chance(0.25) ? 2 : 1
  return Array.from({ length: count }, (_, index) => ({
    id: idOf('d', index),
    name: `Provider ${index + 1}`,
    mode: index === 0 ? null : dice.pick(modes),
  }))
}

function roomsOf(dice: Random, zones: readonly string[], providerCount: number): RoomPlan[] {
  const buildings = zones.map((timeZone, index) => ({ id: idOf('e', index), name: `House ${index + 1}`, timeZone }))
  const names = ['Mercury', 'Venus', 'Mars', 'Jupiter'].slice(0, dice.between(2, 4))
  return names.map((name, index) => ({
    id: idOf('1', index),
    name,
    email: `${name.toLowerCase()}@contoso.example`,
    building: dice.pick(buildings),
    profile: pickProfile(dice),
    provider: dice.below(providerCount),
  }))
}
