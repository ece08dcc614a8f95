import type { Check } from '../finding.ts'

export const defaultAliasMissing: Check = {
  key: 'default-alias-missing',
  title: 'The aliases that the modes use by themselves are there',
  find: ({ providers }) =>
    providers
      .filter(({ active, alias }) => active && alias.id === null)
      .map(({ id, name, alias, mode }) => ({
        check: 'default-alias-missing',
        meaning: 'refused',
        subject: name,
        say: `In ${mode} mode ${name} uses the alias ${alias.aliasId}, which is missing.`,
        action: 'Make the alias again under exactly this name, or give the provider an alias of its own.',
        link: `/console/calendar-providers/${id}`,
      })),
}
