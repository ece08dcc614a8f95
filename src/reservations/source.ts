import type { Actor } from '#http/actor.ts'
import type { ReservationSource } from './contract.ts'
import { refused } from './errors.ts'

const ofPeople: readonly ReservationSource[] = ['portal', 'quick_reservation', 'mobile', 'event_planner']

/** Is a person at a screen acting? For all other sources the system acts (product decision "interactive sources"). */
export function isInteractive(source: ReservationSource): boolean {
  return ofPeople.includes(source)
}

/**
 * Where a request comes from. A page may say which page it is; a program is never taken for a person.
 * @throws Refusal `reservations.source_not_allowed`
 */
export function sourceOf({ via }: Actor, claimed?: ReservationSource): ReservationSource {
  const usual = via === 'session' ? 'portal' : via === 'cli' ? 'cli' : 'rest_api'
  if (claimed === undefined) return usual
  if (isInteractive(claimed) !== isInteractive(usual)) throw refused('reservations.source_not_allowed')
  return claimed
}
