import type { Permission } from '#reservations/deps.ts'
import type { SyncDeps } from './deps.ts'
import { organizerFor } from './organizer.ts'

/** May we write in this person's calendar? What reservations ask before they take one. It looks at our own records only. */
export async function permission(deps: SyncDeps, userId: string): Promise<Permission> {
  const organizer = await organizerFor(deps, userId)
  if (organizer.is === 'ready') return { is: 'given' }
  if (organizer.is === 'refused') return { is: 'impossible', say: organizer.say }
  return { is: 'needed', credentialId: organizer.credentialId, say: organizer.say }
}
