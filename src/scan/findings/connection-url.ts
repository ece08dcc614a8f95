import type { Check } from '../finding.ts'
import { expectedUrl } from '../setup-steps.ts'

export const connectionUrl: Check = {
  key: 'connection-url',
  title: `Connections call ${expectedUrl}`,
  find: ({ connections }) =>
    connections
      .filter(({ active, url }) => active && url !== expectedUrl)
      .map(({ id, name, url, aliasId }) => ({
        check: 'connection-url',
        meaning: 'refused',
        subject: name,
        say: `${name}, which ${aliasId} leads to, calls ${url ?? 'nowhere'} instead of ${expectedUrl}.`,
        action: `Set its Connection URL to ${expectedUrl}.`,
        link: `/console/connections/${id}`,
      })),
}
