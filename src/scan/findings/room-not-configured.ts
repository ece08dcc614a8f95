import type { Check } from '../finding.ts'

export const roomNotConfigured: Check = {
  key: 'room-not-configured',
  title: 'Every room in use is kept in step',
  find: ({ rooms }) => {
    const without = rooms.inUse - rooms.active
    if (without <= 0) return []
    const [subject, verb] = without === 1 ? ['One room', 'is'] : [`${without} rooms`, 'are']
    return [
      {
        check: 'room-not-configured',
        meaning: 'attention',
        subject,
        say: `${subject} can be reserved here and ${verb} not kept in step with Outlook.`,
        action: 'Create reservable sync configurations and activate them.',
        link: '/console/sync-configurations',
      },
    ]
  },
}
