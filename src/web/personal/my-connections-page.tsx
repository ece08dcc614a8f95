import { Stack } from '@mantine/core'
import { IconPlugConnected } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { listPersonalConnections, type PersonalConnection, revokePersonal } from '#connections/token.contract.ts'
import { Banner } from '../design/banner.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { EmptyState, ErrorState, Loading } from '../design/states.tsx'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { asking } from '../shell/queries.ts'
import { ConnectionCard } from './connection-card.tsx'
import { usePopupSignIn } from './use-popup-sign-in.ts'

/** What Anteroom may do with the signed-in person's own permission, and the way to give it or to take it back. */
export function MyConnectionsPage() {
  const { data, error, refetch } = useQuery(asking(listPersonalConnections))
  const { authorise } = useSearch({ from: '/signed-in/portal/my-connections' })
  const known = data?.connections.some(({ credential }) => credential.id === authorise)
  return (
    <Page title="My connections" width="reading">
      <PageHeader
        title="My connections"
        size="large"
        subtitle="What Anteroom may do at Microsoft in your name. Only you can give this, and you can take it back at any time."
      />
      {error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Loading rows={6} what="your connections" />}
      {data !== undefined && authorise !== undefined && !known ? (
        <Banner meaning="attention" title="Nothing to authorise">
          What this address asks for does not exist any more, or is not active. Ask whoever gave it to you.
        </Banner>
      ) : null}
      {data?.connections.length === 0 ? (
        <EmptyState
          icon={<IconPlugConnected size={28} stroke={1.5} aria-hidden="true" />}
          title="Nothing here needs your permission"
          text="Anteroom asks for it when it has to act in your own calendar. Your administrator decides whether it does."
        />
      ) : null}
      <Stack gap="lg">
        {data?.connections.map((connection) => (
          <LiveConnection
            key={connection.credential.id}
            connection={connection}
            asked={connection.credential.id === authorise}
          />
        ))}
      </Stack>
    </Page>
  )
}

function LiveConnection({ connection, asked }: { connection: PersonalConnection; asked: boolean }) {
  const id = connection.credential.id
  const signIn = usePopupSignIn(id)
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => call(revokePersonal, { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['connections'] }),
  })
  return (
    <ConnectionCard
      connection={connection}
      asked={asked}
      signIn={signIn}
      revoking={revoke.isPending}
      revokeProblem={revoke.error ? asProblem(revoke.error).detail : null}
      receipt={revoke.data?.receipt ?? null}
      onRevoke={async () => {
        signIn.dismiss()
        await revoke.mutateAsync().catch(() => undefined)
      }}
    />
  )
}
