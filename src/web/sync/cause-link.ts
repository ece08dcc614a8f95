import type { Cause, RoomHealth } from '#sync/health.contract.ts'

export type CauseLink = { to: string; search?: Record<string, string>; title: string }

/** Where to look at a cause; null when the page is already the place. */
export function causeLink({ kind, roomId }: Pick<Cause, 'kind' | 'roomId'>): CauseLink | null {
  switch (kind) {
    case 'queue':
      return { to: '/console/sync-events', search: { state: 'new' }, title: 'Look at what is new' }
    case 'errors':
      return { to: '/console/sync-events', search: { state: 'error', since: '24h' }, title: 'Look at the errors' }
    case 'lag':
      return { to: '/console/sync-events', search: { since: '1h' }, title: 'Look at the last hour' }
    case 'room':
    case 'drift':
      return roomId === null ? null : { ...roomLink({ id: roomId }), title: 'Look at the room' }
    default:
      return null
  }
}

/** How a room is watched: what it waits for, and what can be done about it. */
export function roomLink({ id }: Pick<RoomHealth, 'id'>): Omit<CauseLink, 'title'> {
  return { to: `/console/watched-rooms/${id}` }
}
