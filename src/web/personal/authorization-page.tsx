import { Button, Group } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { type Authorization, authorisePersonal, getOAuthToken, readAuthorization } from '#connections/token.contract.ts'
import { browser } from '../browser.ts'
import { ErrorState, Loading } from '../design/states.tsx'
import { FrontDoor } from '../people/front-door.tsx'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { ownPathWith } from '../shell/own-path.ts'
import { asking } from '../shell/queries.ts'
import { announceAuthorization } from './authorization-channel.ts'
import { AuthorizationOutcome } from './authorization-outcome.tsx'

/** Where Microsoft's sign-in ends: in a pop-up it tells the page behind and closes; in a page it goes on, or says why it cannot. */
export function AuthorizationPage() {
  const { id } = useParams({ from: '/authorization/$id' })
  const { data, error, refetch } = useQuery({
    ...asking(readAuthorization, { params: { id } }),
    refetchInterval: ({ state }) => (state.data?.outcome === 'pending' ? 1_000 : false),
  })
  const ended = data !== undefined && data.outcome !== 'pending'
  const inPopup = data?.openedIn === 'popup'
  useEffect(() => {
    if (!ended) return
    announceAuthorization(data.id)
    if (data.openedIn === 'popup') browser.closeThisWindow()
    else if (data.outcome === 'stored') browser.goTo(ownPathWith(data.returnTo, 'authorization', data.id))
  }, [ended, data])
  const another = useMutation({ mutationFn: chooseAnother, onSuccess: ({ url }) => url !== null && browser.goTo(url) })

  return (
    <FrontDoor wide title="Sign-in at Microsoft" text={data === undefined ? '' : `For ${data.credential.name}`}>
      {error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {error || ended ? null : <Loading rows={3} what="the outcome" />}
      {ended ? (
        <AuthorizationOutcome
          authorization={data}
          problem={another.error ? asProblem(another.error).detail : null}
          actions={
            <Group gap="xs">
              {data.outcome === 'refused' ? (
                <Button loading={another.isPending} onClick={() => another.mutate(data)}>
                  Choose another account
                </Button>
              ) : null}
              {inPopup ? (
                <Button variant="default" onClick={browser.closeThisWindow}>
                  Close this window
                </Button>
              ) : (
                <Button
                  variant="default"
                  onClick={() => browser.goTo(ownPathWith(data.returnTo, 'authorization', data.id))}
                >
                  {data.outcome === 'stored' ? 'Continue' : 'Go back without it'}
                </Button>
              )}
            </Group>
          }
        />
      ) : null}
    </FrontDoor>
  )
}

/** Starts the same sign-in again, this time with Microsoft's account picker. */
function chooseAnother({ purpose, credential, returnTo, openedIn }: Authorization) {
  const operation = purpose === 'system' ? getOAuthToken : authorisePersonal
  return call(operation, { params: { id: credential.id }, body: { returnTo, openedIn, chooseAnotherAccount: true } })
}
