import type { Check } from '../finding.ts'

export const roomNotWatched: Check = {
  key: 'room-not-watched',
  title: 'Every room that is kept in step can be watched',
  find: ({ providers }) =>
    providers
      .filter(({ active, watching }) => active && watching.waiting + watching.held > 0)
      .map(({ id, name, watching }) => ({
        check: 'room-not-watched',
        meaning: watching.held > 0 ? 'refused' : 'attention',
        subject: name,
        say: [
          ...(watching.waiting > 0
            ? [`${watching.waiting} of its rooms wait for a token, a permission or Exchange.`]
            : []),
          ...(watching.held > 0 ? [`${watching.held} of its rooms are held until a person decides.`] : []),
        ].join(' '),
        action: 'Open the rooms that are not watched: each says why.',
        link: `/console/sync-configurations?providerId=${id}`,
      })),
}
