import { Button, Stack } from '@mantine/core'
import { IconBrandWindows } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { proveByMicrosoftSignIn } from '#people/contract.ts'
import { browser } from '../browser.ts'
import { Banner } from '../design/banner.tsx'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { hearProofs } from './proof-channel.ts'
import { signInProblem } from './sign-in-problem.ts'

/** Microsoft asks for the password in a window over this page, so that what was entered here stays. */
export function MicrosoftProof({ onProved }: { onProved: () => void }) {
  const [problem, setProblem] = useState<string | null>(null)
  const popup = useRef<Window | null>(null)
  const latest = useRef(onProved)
  latest.current = onProved
  useEffect(
    () =>
      hearProofs(({ problem: code }) => {
        if (code === null) latest.current()
        else setProblem(signInProblem(code))
      }),
    [],
  )
  // A window that was closed half-way says nothing; the button is there to begin again.
  useEffect(() => () => popup.current?.close(), [])
  const begin = () => {
    setProblem(null)
    const opened = browser.openPopup('anteroom-proof')
    popup.current = opened
    if (opened === null)
      return setProblem('The browser did not open the window. Allow pop-ups for this site, then try again.')
    call(proveByMicrosoftSignIn, { body: { returnTo: '/proved' } })
      .then(({ url }) => opened.location.assign(url))
      .catch((thrown: unknown) => {
        opened.close()
        setProblem(asProblem(thrown).detail)
      })
  }
  return (
    <Stack gap="md">
      {problem === null ? null : (
        <Banner meaning="refused" title="Not confirmed">
          {problem}
        </Banner>
      )}
      <Button data-autofocus leftSection={<IconBrandWindows size={16} aria-hidden="true" />} onClick={begin}>
        Confirm at Microsoft
      </Button>
    </Stack>
  )
}
