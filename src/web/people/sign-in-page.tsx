import { Anchor, Button, Collapse, Divider, Stack } from '@mantine/core'
import { IconBrandWindowsFilled } from '@tabler/icons-react'
import { useMutation, useSuspenseQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { startMicrosoftSignIn } from '#people/contract.ts'
import { browser } from '../browser.ts'
import { Banner } from '../design/banner.tsx'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { ownPath } from '../shell/own-path.ts'
import { meQuery } from '../shell/queries.ts'
import { enterAs } from './enter-as.ts'
import { FrontDoor } from './front-door.tsx'
import { PasswordForm } from './password-form.tsx'
import { signInProblem } from './sign-in-problem.ts'

/** The way in: Microsoft for everybody, a password for the local administrators, set-up while there is none of them. */
export function SignInPage() {
  const { data: me } = useSuspenseQuery(meQuery)
  const { problem, returnTo } = useSearch({ from: '/sign-in' })
  const navigate = useNavigate()
  const [local, setLocal] = useState(!me.microsoftSignIn)
  const microsoft = useMutation({
    mutationFn: () => call(startMicrosoftSignIn, { body: { returnTo: ownPath(returnTo) } }),
    onSuccess: ({ url }) => browser.goTo(url),
  })
  const say = microsoft.error ? asProblem(microsoft.error).detail : signInProblem(problem)
  return (
    <FrontDoor title="Sign in" text="Reserve rooms, and find the meeting in Outlook.">
      {say === null ? null : (
        <Banner meaning="refused" title="You are not signed in">
          {say}
        </Banner>
      )}
      <Stack gap="md">
        {me.microsoftSignIn ? (
          <Button
            size="md"
            fullWidth
            data-autofocus
            leftSection={<IconBrandWindowsFilled size={18} aria-hidden="true" />}
            loading={microsoft.isPending || microsoft.isSuccess}
            onClick={() => microsoft.mutate()}
          >
            Sign in with Microsoft
          </Button>
        ) : null}
        {me.microsoftSignIn ? (
          <Button variant="subtle" aria-expanded={local} aria-controls="local-sign-in" onClick={() => setLocal(!local)}>
            Sign in as a local administrator
          </Button>
        ) : null}
        <Collapse expanded={local} id="local-sign-in">
          <PasswordForm onEntered={(entered) => enterAs(entered, ownPath(returnTo), navigate)} />
        </Collapse>
      </Stack>
      {me.setupNeeded && !me.demo ? (
        <>
          <Divider />
          <p>
            This Anteroom has no administrator yet.{' '}
            <Anchor component={Link} to="/setup" underline="always">
              Set it up
            </Anchor>{' '}
            with the one-time code that the server printed when it started.
          </p>
        </>
      ) : null}
    </FrontDoor>
  )
}
