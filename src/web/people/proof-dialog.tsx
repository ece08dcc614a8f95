import { Modal, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { type Me, readMe } from '#people/contract.ts'
import { call, rememberCsrfToken } from '../shell/api.ts'
import { answerProof } from '../shell/proof.ts'
import { meKey, queryClient, usePerson } from '../shell/queries.ts'
import { MicrosoftProof } from './microsoft-proof.tsx'
import { PasswordProof } from './password-proof.tsx'

/** Asks for the password again when a change needs a recent sign-in, and lets the change go on. */
export function ProofDialog() {
  const { kind, displayName } = usePerson()
  const [asked, setAsked] = useState(false)
  const answer = useRef<(proved: boolean) => void>(() => undefined)
  useEffect(
    () =>
      answerProof(() => {
        setAsked(true)
        return new Promise((resolve) => {
          answer.current = resolve
        })
      }),
    [],
  )
  const end = (proved: boolean) => {
    setAsked(false)
    answer.current(proved)
  }
  const proved = (me: Me) => {
    adoptSession(me)
    end(true)
  }
  return (
    <Modal
      opened={asked}
      onClose={() => end(false)}
      title="Confirm that it is you"
      closeButtonProps={{ 'aria-label': 'Close without confirming' }}
    >
      <Stack gap="md">
        <Text>
          This change needs a sign-in of the last 10 minutes, so that nobody can make it at a desk that {displayName}{' '}
          left for a moment. What you entered is kept.
        </Text>
        {kind === 'microsoft' ? (
          <MicrosoftProof onProved={() => void call(readMe).then(proved)} />
        ) : (
          <PasswordProof onProved={proved} />
        )}
      </Stack>
    </Modal>
  )
}

/** The session goes on under a new cookie, and with it the token that writes carry. */
function adoptSession(me: Me): void {
  rememberCsrfToken(me.csrfToken)
  queryClient.setQueryData(meKey, me)
}
