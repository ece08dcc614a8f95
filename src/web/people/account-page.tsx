import { Button, Stack } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { createApiToken, listApiTokens, revokeApiToken } from '#people/api-token.contract.ts'
import { KeyValue } from '../design/key-value.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { EmptyState, ErrorState, Loading } from '../design/states.tsx'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { asking, usePerson } from '../shell/queries.ts'
import { ApiTokenCreated } from './api-token-created.tsx'
import { ApiTokenForm, type CreatedToken } from './api-token-form.tsx'
import { ApiTokenList } from './api-token-list.tsx'

/** Who I am here, and the tokens with which my scripts act as me. */
export function AccountPage() {
  const person = usePerson()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(asking(listApiTokens))
  const [adding, setAdding] = useState(false)
  const [created, setCreated] = useState<CreatedToken | null>(null)
  const stale = () => queries.invalidateQueries({ queryKey: asking(listApiTokens).queryKey })
  const revoke = useMutation({
    mutationFn: (id: string) => call(revokeApiToken, { params: { id } }),
    onSettled: stale,
  })
  return (
    <Page title="Account" width="reading">
      <PageHeader title="Account" size="large" />
      <KeyValue
        items={[
          { label: 'Name', value: person.displayName },
          { label: 'E-mail', value: person.email },
          { label: 'Signs in with', value: person.kind === 'microsoft' ? 'Microsoft' : 'a password kept here' },
          { label: 'Roles', value: person.roles.join(', ') || 'employee' },
        ]}
      />
      <Panel
        title="API tokens"
        actions={
          <Button variant="default" size="xs" onClick={() => setAdding(true)}>
            Create a token
          </Button>
        }
      >
        <Stack gap="md">
          {created === null ? null : <ApiTokenCreated token={created} onDone={() => setCreated(null)} />}
          {error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
          {data || error ? null : <Loading rows={4} what="your API tokens" />}
          {data?.tokens.length === 0 ? (
            <EmptyState
              icon={<IconKey size={28} stroke={1.5} aria-hidden="true" />}
              title="You have no API tokens"
              text="A token lets a script do what you can do here, through the REST API or the anteroom command."
            />
          ) : null}
          {data && data.tokens.length > 0 ? (
            <ApiTokenList
              tokens={data.tokens}
              busy={revoke.isPending}
              problem={revoke.error ? asProblem(revoke.error).detail : null}
              onRevoke={async (id) => {
                await revoke.mutateAsync(id).catch(() => undefined)
              }}
            />
          ) : null}
        </Stack>
      </Panel>
      <ApiTokenForm
        opened={adding}
        onClose={() => setAdding(false)}
        create={(body) => call(createApiToken, { body })}
        onCreated={(token) => {
          setCreated(token)
          setAdding(false)
          void stale()
        }}
      />
    </Page>
  )
}
