import type { Check } from '../finding.ts'

export const noRequest: Check = {
  key: 'no-request',
  title: 'Nothing is held back from Outlook',
  find: ({ noRequestCount }) =>
    noRequestCount === 0
      ? []
      : [
          {
            check: 'no-request',
            meaning: 'attention',
            subject: noRequestCount === 1 ? 'One room' : `${noRequestCount} rooms`,
            say: 'No request is on: changes are made and shown here, and nothing is sent to Outlook.',
            action: 'Switch it off where reservations are meant.',
            link: '/console/sync-configurations?noRequest=true',
          },
        ],
}
