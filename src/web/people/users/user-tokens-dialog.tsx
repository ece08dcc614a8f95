import { Button, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { createServiceAccountToken, listApiTokensOf, revokeApiTokenOf } from '#people/api-token.contract.ts'
import type { UserRow } from '#people/contract.ts'
import { ErrorState, Loading } from '../../design/states.tsx'
import { refreshFeature } from '../../shell/adopt-answer.ts'
import { call } from '../../shell/api.ts'
import { asProblem } from '../../shell/api-problem.ts'
import { asking } from '../../shell/queries.ts'
import { ApiTokenCreated } from '../api-token-created.tsx'
import { ApiTokenForm, type CreatedToken } from '../api-token-form.tsx'
import { ApiTokenList } from '../api-token-list.tsx'

/** Somebody's API tokens: an administrator sees and revokes them all, and makes them for service accounts only. */
export function UserTokensDialog({ user, onClose }: { user: UserRow; onClose: () => void }) {
  const params = { id: user.id }
  const { data, error, refetch } = useQuery(asking(listApiTokensOf, { params }))
  const [adding, setAdding] = useState(false)
  const [created, setCreated] = useState<CreatedToken | null>(null)
  const revoke = useMutation({
    mutationFn: (tokenId: string) => call(revokeApiTokenOf, { params: { ...params, tokenId } }),
    onSettled: () => refreshFeature('people'),
  })
  const title = `API tokens of ${user.displayName}`
  return (
    <Modal opened onClose={onClose} size="lg" title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="md">
        {created === null ? null : <ApiTokenCreated token={created} onDone={() => setCreated(null)} />}
        {error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
        {data || error ? null : <Loading rows={3} what={title} />}
        {data?.tokens.length === 0 ? <Text c="dimmed">There are none.</Text> : null}
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
        {user.kind === 'service' ? (
          <Button variant="default" onClick={() => setAdding(true)}>
            Create a token
          </Button>
        ) : (
          <Text size="sm" c="dimmed">
            People create their own tokens, on their page Account.
          </Text>
        )}
      </Stack>
      <ApiTokenForm
        opened={adding}
        onClose={() => setAdding(false)}
        create={(body) => call(createServiceAccountToken, { params, body })}
        onCreated={(token) => {
          setCreated(token)
          setAdding(false)
          refreshFeature('people')
        }}
      />
    </Modal>
  )
}
