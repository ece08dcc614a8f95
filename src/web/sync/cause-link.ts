import type { Cause, RoomHealth } from '#sync/health.contract.ts'

export type CauseLink = { to: string; search?: Record<string, string>; title: string }

/** Where to look at a cause. */
export function causeLink({ kind, roomId, condition }: Pick<Cause, 'kind' | 'roomId' | 'condition'>): CauseLink {
  if (roomId !== null) return { ...roomLink({ id: roomId }), title: 'Look at the room' }
  switch (kind) {
    case 'rooms':
      return { to: '/console/watched-rooms', search: searchFor(condition), title: 'Look at them' }
    case 'drift':
      return { to: '/console/watched-rooms', search: { hasDrift: 'true' }, title: 'Look at them' }
    case 'hints':
      return { to: '/console/watched-rooms', title: 'Look at the rooms' }
    case 'items':
      return { to: '/console/calendar-items', search: { state: 'due' }, title: 'Look at them' }
    case 'subscriptions':
      return { to: '/console/subscriptions', search: { state: 'failed' }, title: 'Look at them' }
    case 'outbox':
      return { to: '/console/sync-events', search: { state: 'new' }, title: 'Look at what is new' }
    case 'errors':
      return { to: '/console/sync-events', search: { state: 'error', since: '24h' }, title: 'Look at the errors' }
    case 'lag':
      return { to: '/console/sync-events', search: { since: '1h' }, title: 'Look at the last hour' }
  }
}

/** How one room is watched, what is wrong there, and what can be done. */
export function roomLink({ id }: Pick<RoomHealth, 'id'>): { to: string } {
  return { to: `/console/watched-rooms/${id}` }
}

/** Rooms that are held or waiting have a state of that name; the others are watched, and their list says what is wrong. */
function searchFor(condition: Cause['condition']): Record<string, string> {
  if (condition === 'held' || condition === 'waiting') return { state: condition }
  return { state: 'watching' }
}
