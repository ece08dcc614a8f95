import { useMutation } from '@tanstack/react-query'
import { getOAuthToken } from '#connections/token.contract.ts'
import { browser } from '../browser.ts'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'

/**
 * Begins Get OAuth Token and sends the browser to Microsoft's sign-in page; it comes back to this form.
 * With client credentials nobody signs in: the token is there at once.
 */
export function useGetToken(credentialId: string) {
  return useMutation({
    mutationFn: ({ chooseAnotherAccount }: { chooseAnotherAccount: boolean }) =>
      call(getOAuthToken, {
        params: { id: credentialId },
        body: { returnTo: `/console/credentials/${credentialId}`, chooseAnotherAccount },
      }),
    onSuccess: ({ url }) => {
      if (url !== null) return browser.goTo(url)
      refreshFeature('connections')
      saySaved('Token obtained', 'The application itself got a token; nobody had to sign in.')
    },
    onError: (error) => sayNotDone('No token was obtained', error),
  })
}
