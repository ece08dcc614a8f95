import type { Check } from '../finding.ts'

export const overrideAliasStranger: Check = {
  key: 'override-alias-stranger',
  title: 'Aliases that providers use of their own descend from Microsoft_Exchange_Online',
  find: ({ providers }) =>
    providers
      .filter(({ overrideAlias }) => overrideAlias !== null && !overrideAlias.descends)
      .map(({ id, name, overrideAlias }) => ({
        check: 'override-alias-stranger',
        meaning: 'refused',
        subject: name,
        say: `${overrideAlias?.aliasId} is no longer below Microsoft_Exchange_Online, so it may lead anywhere.`,
        action: 'Make it a child of Microsoft_Exchange_Online again, or choose another alias on the provider’s form.',
        link: `/console/calendar-providers/${id}`,
      })),
}
