import type { Permission } from '#reservations/deps.ts'
import type { SyncDeps } from './deps.ts'
import { organizerFor } from './organizer.ts'

/**
 * Codes that pass by themselves: the person has given permission as far as we know, so a reservation is taken and its event
 * follows when the other side is well again.
 */
const passing = new Set(['connections.provider_trouble', 'connections.no_answer'])

/** May we write in this person's calendar? The answer that reservations ask for. */
export async function permission(deps: SyncDeps, userId: string): Promise<Permission> {
  const organizer = await organizerFor(deps, userId)
  if (organizer.is === 'ready') return { is: 'given' }
  if (organizer.is === 'sign_in_needed') {
    return { is: 'needed', credentialId: organizer.credentialId, say: organizer.say }
  }
  return passing.has(organizer.code) ? { is: 'given' } : { is: 'impossible', say: organizer.say }
}
