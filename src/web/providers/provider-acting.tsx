import { Button, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { z } from 'zod'
import { type CalendarProvider, probeCalendarProvider } from '#providers/calendar-provider.contract.ts'
import { Banner } from '../design/banner.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { LinkButton, TextLink } from '../design/links.tsx'
import { Panel } from '../design/panel.tsx'
import { Verdict } from '../design/verdict.tsx'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { CapabilityTable } from './capability-table.tsx'
import { watchMethodWords } from './words.ts'

/** Who acts for the system through this provider now, and what that is good for: tested with one of its rooms when asked. */
export function ProviderActing({ provider }: { provider: CalendarProvider }) {
  const { id, acting, alias } = provider
  const probe = useMutation({ mutationFn: () => call(probeCalendarProvider, { params: { id } }) })
  return (
    <Panel
      title="Acts for the system"
      actions={
        <Button variant="default" size="xs" loading={probe.isPending} onClick={() => probe.mutate()}>
          {probe.data === undefined ? 'Test now' : 'Test again'}
        </Button>
      }
    >
      <Stack gap="md">
        <Verdict meaning={acting.ok ? 'good' : 'refused'}>{acting.say}</Verdict>
        <KeyValue
          items={[
            {
              label: 'Alias',
              value:
                alias.id === null ? (
                  `${alias.aliasId}, which is missing`
                ) : (
                  <TextLink to="/console/aliases/$id" params={{ id: alias.id }}>
                    {alias.aliasId}
                  </TextLink>
                ),
            },
            {
              label: 'Credential',
              value:
                acting.credentialId === null ? null : (
                  <TextLink to="/console/credentials/$id" params={{ id: acting.credentialId }}>
                    Open it
                  </TextLink>
                ),
            },
          ]}
        />
        {probe.error ? <Banner meaning="refused">{asProblem(probe.error).detail}</Banner> : null}
        {probe.data ? <Tested {...probe.data} /> : null}
      </Stack>
    </Panel>
  )
}

function Tested({ found, say }: z.output<typeof probeCalendarProvider.answer>) {
  if (found === null) {
    return (
      <Banner
        meaning="attention"
        action={
          <LinkButton to="/console/sync-configurations" size="xs" variant="default">
            Sync configurations
          </LinkButton>
        }
      >
        {say}
      </Banner>
    )
  }
  const { method, watcher, capabilities } = found
  return (
    <>
      <CapabilityTable capabilities={capabilities} />
      <Verdict meaning={method === null ? 'refused' : 'good'}>
        {method === null ? 'The room cannot be watched yet.' : `Watched by ${watcher}: ${watchMethodWords[method]}.`}{' '}
        {say}
      </Verdict>
    </>
  )
}
