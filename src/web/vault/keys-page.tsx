import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { readVaultKeys, rotateVaultKey, type VaultKeys } from '#vault/contract.ts'
import { Banner } from '../design/banner.tsx'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { DataTable } from '../design/data-table.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { ErrorState, Loading } from '../design/states.tsx'
import { call } from '../shell/api.ts'
import { asProblem } from '../shell/api-problem.ts'
import { asking, queryClient } from '../shell/queries.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'
import { keyColumns } from './key-columns.tsx'
import { rotationWords } from './rotation-words.ts'

const lookEveryMs = 2_000

/** All > System > Keys: what seals every stored secret, and a change of it. */
export function KeysPage() {
  const { data, error, refetch } = useQuery({ ...asking(readVaultKeys), refetchInterval: lookEveryMs })
  const words = data ? rotationWords(data) : null
  return (
    <Page title="Keys" width="wide">
      <PageHeader
        title="Keys"
        subtitle="Tokens, client secrets and all other stored secrets are sealed. Each has a key of its own, and those are wrapped with the key that is primary here. Changing it stops nothing."
        actions={<RotateButton disabled={data === undefined || words !== null} />}
      />
      {error ? <ErrorState problem={asProblem(error)} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Loading rows={3} what="keys" />}
      {words === null ? null : (
        <Banner meaning={words.meaning} title={words.title}>
          {words.text}
        </Banner>
      )}
      {data ? (
        <Panel padding="flush">
          <DataTable
            caption="Keys, the oldest first"
            columns={keyColumns(data.processes)}
            rows={data.keys}
            idOf={({ id }) => String(id)}
          />
        </Panel>
      ) : null}
    </Page>
  )
}

function RotateButton({ disabled }: { disabled: boolean }) {
  const [asked, setAsked] = useState(false)
  const rotate = useMutation({
    mutationFn: () => call(rotateVaultKey),
    onSuccess: (keys: VaultKeys) => {
      queryClient.setQueryData(asking(readVaultKeys).queryKey, keys)
      saySaved('A new key was made', 'It is used as soon as every process can use it.')
    },
    onError: (error) => sayNotDone('The key was not changed', error),
    onSettled: () => setAsked(false),
  })
  return (
    <>
      <Button disabled={disabled} onClick={() => setAsked(true)}>
        Change the key
      </Button>
      <ConfirmDialog
        opened={asked}
        title="Change the key"
        confirm="Change the key"
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate()}
        onCancel={() => setAsked(false)}
      >
        A new key is made from the same root key, and everything is wrapped with it. Nobody notices, and nobody signs in
        again. If the root key itself may be known to somebody, run <code>anteroom key rotate --new-root</code> on the
        server instead.
      </ConfirmDialog>
    </>
  )
}
