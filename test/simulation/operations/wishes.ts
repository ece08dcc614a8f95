import type { Random } from '../scheduler/random.ts'
import { people, stranger } from '../world/cast.ts'
import type { World } from '../world/world.ts'

const minuteMs = 60_000
const slotMs = 30 * minuteMs

/** A time that others want too: half hours of the next day, now and then of another day, and rarely within minutes. */
export function wishTime(world: World, dice: Random): { startsAt: Date; endsAt: Date } {
  const nowMs = world.scheduler.nowMs
  const day = dice.weighted([
    { weight: 8, value: 0 },
    { weight: 2, value: dice.between(1, 20) },
    { weight: 1, value: dice.between(21, 175) },
  ])
  const first = Math.ceil((nowMs + minuteMs) / slotMs) * slotMs + day * 48 * slotMs
  const startMs = first + dice.below(16) * slotMs
  const lengthMs = dice.pick([1, 1, 2, 3, 5]) * slotMs
  return { startsAt: new Date(startMs), endsAt: new Date(startMs + lengthMs) }
}

/** A word that occurs nowhere else in a run, so that whatever shows it was written by whoever wrote it. */
export function wishText(world: World, kind: string): string {
  return `${kind} ${world.nextNumber()}`
}

/** Colleagues, somebody who is not known here, and somebody of another company. */
export function wishGuests(dice: Random): { email: string; displayName: string }[] {
  const all = [...people, stranger].map(({ email, name }) => ({ email, displayName: name }))
  const candidates = [...all, { email: 'guest@fabrikam.example', displayName: 'Guest' }]
  return dice.shuffled(candidates).slice(0, dice.pick([0, 0, 1, 1, 2]))
}
