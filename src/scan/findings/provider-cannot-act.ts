import type { Check } from '../finding.ts'
import type { ScannedProvider } from '../scan-facts.ts'

/** Everything that keeps a token from being used: no connection, no credential, no profile, no token, or somebody else's. */
export const providerCannotAct: Check = {
  key: 'provider-cannot-act',
  title: 'Somebody can act for the system through every active provider',
  find: ({ providers }) =>
    providers
      .filter(({ active, acting }) => active && !acting.ok)
      .map(({ name, acting, ...provider }) => ({
        check: 'provider-cannot-act',
        meaning: 'refused',
        subject: name,
        say: acting.say,
        ...wayTo({ acting, ...provider }),
      })),
}

/** To the credential whose token is missing, or to the alias that leads to what is not set up; the provider itself names the wrong account. */
function wayTo({ id, acting, alias }: Pick<ScannedProvider, 'id' | 'acting' | 'alias'>) {
  if (acting.credentialId !== null) {
    const link = `/console/credentials/${acting.credentialId}`
    return { action: 'Press Get OAuth Token on the credential.', link }
  }
  if (acting.code.startsWith('connections.') && alias.id !== null)
    return { action: 'Open the alias: its connection leads to the credential.', link: `/console/aliases/${alias.id}` }
  return { action: 'Open the provider.', link: `/console/calendar-providers/${id}` }
}
