import type { Check } from '../finding.ts'

export const noActiveProvider: Check = {
  key: 'no-active-provider',
  title: 'There is an active calendar provider',
  find: ({ providers }) => {
    if (providers.some(({ active }) => active)) return []
    const [first] = providers
    return [
      {
        check: 'no-active-provider',
        meaning: 'refused',
        subject: 'Calendar providers',
        say: first === undefined ? 'There is no calendar provider.' : 'Every calendar provider is inactive.',
        action: first === undefined ? 'Create one.' : `Make ${first.name} active.`,
        link: `/console/calendar-providers/${first?.id ?? 'new'}`,
      },
    ]
  },
}
