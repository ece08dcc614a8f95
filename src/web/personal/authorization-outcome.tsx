import { Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Authorization } from '#connections/token.contract.ts'
import { Banner } from '../design/banner.tsx'
import { KeyValue } from '../design/key-value.tsx'

type AuthorizationOutcomeProps = { authorization: Authorization; problem: string | null; actions: ReactNode }

/** Both accounts stand below it. */
const sayKept = 'Nothing was stored, and nothing was changed.'

/** How one sign-in ended: what was stored, or both accounts when it was the wrong one. */
export function AuthorizationOutcome({ authorization, problem, actions }: AuthorizationOutcomeProps) {
  const { outcome, code, say, expectedName, actualName, credential } = authorization
  const wrongAccount = code === 'connections.wrong_account'
  return (
    <Stack gap="lg">
      {outcome === 'stored' ? (
        <Banner meaning="good" title="The permission is stored">
          {say ?? `${credential.name} now works. You can go on where you were.`}
        </Banner>
      ) : (
        <Banner meaning="refused" title={wrongAccount ? 'That was another account' : 'No permission was given'}>
          {wrongAccount ? sayKept : (say ?? 'Microsoft did not give the permission that was asked for.')}
        </Banner>
      )}
      <KeyValue
        items={[
          { label: 'Expected', value: expectedName },
          { label: 'Signed in', value: actualName },
          { label: 'Stored', value: outcome === 'stored' ? 'Yes, sealed in the vault' : 'Nothing' },
        ]}
      />
      {problem === null ? null : (
        <Text c="red" role="alert">
          {problem}
        </Text>
      )}
      {actions}
    </Stack>
  )
}
