import { Anchor, Collapse, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { UseQueryResult } from '@tanstack/react-query'
import type { Resolution } from '#connections/alias.contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { Panel } from '../design/panel.tsx'
import { ErrorState, Loading } from '../design/states.tsx'
import { Verdict } from '../design/verdict.tsx'
import { asProblem } from '../shell/api-problem.ts'
import { sayValue } from './attribute-fields.tsx'
import styles from './resolution-panel.module.css'
import { credentialTypeWords, integrationTypeWords } from './words.ts'

/** What an alias resolves to for the person who looks, and how that came about, step by step. */
export function ResolutionPanel({ answer }: { answer: UseQueryResult<Resolution> }) {
  return (
    <Panel title="What this resolves to for you">
      {answer.data ? <Resolved resolution={answer.data} /> : null}
      {answer.isPending ? <Loading rows={3} what="the resolution" /> : null}
      {answer.error && !answer.data ? (
        <ErrorState problem={asProblem(answer.error)} onRetry={() => void answer.refetch()} />
      ) : null}
    </Panel>
  )
}

function Resolved({ resolution }: { resolution: Resolution }) {
  const { resolved, because, connectionUrl, connection, credential, token, timeoutMs } = resolution
  const [open, { toggle }] = useDisclosure(false)
  return (
    <Stack gap="md">
      <Verdict meaning={resolved ? 'good' : 'attention'}>{because}</Verdict>
      <KeyValue
        items={[
          { label: 'Connection URL', value: connectionUrl },
          { label: 'Connection', value: connection?.name ?? null },
          {
            label: 'Credential',
            value: credential && `${credential.name} (${kindOf(credential)})`,
          },
          { label: 'Token of', value: token?.account ?? null },
          { label: 'Timeout', value: timeoutMs === null ? null : `${timeoutMs} ms` },
          { label: 'Retry policy', value: resolution.retryPolicy?.name ?? null },
          ...resolution.attributes.map(({ label, value }) => ({
            label,
            value: value === null ? null : sayValue(value),
          })),
        ]}
      />
      {resolution.trace.length > 0 ? (
        <div>
          <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={open}>
            {open ? 'Hide how this was found' : 'How this was found'}
          </Anchor>
          <Collapse expanded={open}>
            <ol className={styles.trace}>
              {resolution.trace.map(({ step, chose, because: why, passedOver }) => (
                <li key={step + why}>
                  <Text size="sm">
                    <strong>{step}</strong>
                    {chose === null ? '' : `: ${chose}`}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {[why, ...(passedOver ?? []).map((other) => `Not ${other.name}: ${other.because}`)].join(' ')}
                  </Text>
                </li>
              ))}
            </ol>
          </Collapse>
        </div>
      ) : null}
    </Stack>
  )
}

function kindOf({ type, integrationType }: NonNullable<Resolution['credential']>): string {
  return type === 'oauth2' ? integrationTypeWords[integrationType] : credentialTypeWords[type]
}
