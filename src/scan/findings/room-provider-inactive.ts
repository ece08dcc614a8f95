import type { Check } from '../finding.ts'

export const roomProviderInactive: Check = {
  key: 'room-provider-inactive',
  title: 'Rooms with an active configuration have an active provider',
  find: ({ providers }) =>
    providers
      .filter(({ active, activeRoomCount }) => !active && activeRoomCount > 0)
      .map(({ id, name, activeRoomCount }) => ({
        check: 'room-provider-inactive',
        meaning: 'refused',
        subject: name,
        say: `${name} is inactive, so ${roomsAre(activeRoomCount)} not kept in step.`,
        action: 'Make the provider active, or give its rooms another one.',
        link: `/console/calendar-providers/${id}`,
      })),
}

function roomsAre(count: number): string {
  return count === 1 ? 'its one active room is' : `its ${count} active rooms are`
}
