import type { Check } from '../finding.ts'

/** Everything that keeps a token from being used: no connection, no credential, no profile, no token, or somebody else's. */
export const providerCannotAct: Check = {
  key: 'provider-cannot-act',
  title: 'Somebody can act for the system through every active provider',
  find: ({ providers }) =>
    providers
      .filter(({ active, acting }) => active && !acting.ok)
      .map(({ id, name, acting }) => ({
        check: 'provider-cannot-act',
        meaning: 'refused',
        subject: name,
        say: acting.say,
        action: acting.credentialId === null ? 'Open the provider.' : 'Press Get OAuth Token on the credential.',
        link:
          acting.credentialId === null
            ? `/console/calendar-providers/${id}`
            : `/console/credentials/${acting.credentialId}`,
      })),
}
