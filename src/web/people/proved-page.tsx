import { Button } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { browser } from '../browser.ts'
import { FrontDoor } from './front-door.tsx'
import { announceProof } from './proof-channel.ts'
import { signInProblem } from './sign-in-problem.ts'

/** Where the pop-up of a confirmation ends: it tells the page behind, and closes. */
export function ProvedPage() {
  const { problem = null } = useSearch({ from: '/proved' })
  useEffect(() => {
    announceProof({ problem })
    browser.closeThisWindow()
  }, [problem])
  return (
    <FrontDoor
      title="Sign-in at Microsoft"
      text={signInProblem(problem ?? undefined) ?? 'Confirmed. You can go on in the other window.'}
    >
      <Button variant="default" onClick={browser.closeThisWindow}>
        Close this window
      </Button>
    </FrontDoor>
  )
}
