import type { Check } from '../finding.ts'

export const synchronizationEnded: Check = {
  key: 'synchronization-ended',
  title: 'No active provider has reached its end',
  find: ({ providers, today }) =>
    providers
      .filter(({ active, syncEndsOn }) => active && syncEndsOn !== null && syncEndsOn <= today)
      .map(({ id, name, syncEndsOn }) => ({
        check: 'synchronization-ended',
        meaning: 'refused',
        subject: name,
        say: `Synchronization with ${name} ended on ${syncEndsOn}. Meetings after that day are left alone.`,
        action: 'Choose a later end, or none.',
        link: `/console/calendar-providers/${id}`,
      })),
}
