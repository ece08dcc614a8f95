import { Stack, Text } from '@mantine/core'
import type { Credential } from '#connections/credential.contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { TextLink } from '../design/links.tsx'
import { Panel } from '../design/panel.tsx'
import { Verdict } from '../design/verdict.tsx'

/** A Personal credential has no Get OAuth Token, because nobody can sign in for somebody else; it has counts instead. */
export function PersonalTokensPanel({ credential }: { credential: Credential }) {
  const { personalTokens } = credential
  return (
    <Panel title="Tokens">
      <Stack gap="md">
        <Verdict meaning="neutral">Each person authorises for themselves, so there is no Get OAuth Token here.</Verdict>
        <Text c="dimmed" maw="72ch">
          A token obtained here would act as you for everybody. People are asked once, when they first book a room. Your
          own permission is under{' '}
          <TextLink to="/my-connections" inherit>
            My connections
          </TextLink>
          .
        </Text>
        {personalTokens === null ? null : (
          <KeyValue
            items={[
              { label: 'Ready', value: people(personalTokens.ready) },
              { label: 'Need to sign in', value: people(personalTokens.needSignIn) },
            ]}
          />
        )}
      </Stack>
    </Panel>
  )
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`
}
