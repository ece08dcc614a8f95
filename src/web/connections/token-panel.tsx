import { Button, Group, Stack } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Credential } from '#connections/credential.contract.ts'
import {
  probeCredential,
  type RevocationReceipt as Receipt,
  revokeCredentialToken,
} from '#connections/token.contract.ts'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { Panel } from '../design/panel.tsx'
import { Verdict } from '../design/verdict.tsx'
import { refreshFeature } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { sayNotDone, saySaved } from '../shell/saved.ts'
import { RevocationReceipt } from './revocation-receipt.tsx'
import { TokenFacts } from './token-facts.tsx'
import { TokenMove } from './token-move.tsx'
import { tokenStateWords } from './words.ts'

/** Whether this credential works: a sentence first, then whose token it is, what it may do, until when, and the last live call. */
export function TokenPanel({ credential, mayChange }: { credential: Credential; mayChange: boolean }) {
  const { token, mayNotGetTokenBecause } = credential
  const [receipt, setReceipt] = useState<Receipt | null>(null)
  if (token === null) return null
  const held = token.state === 'ready' || token.state === 'reauth_required'
  return (
    <Panel
      title="Token"
      actions={
        held ? (
          <Group gap="xs">
            <TestNow credentialId={credential.id} />
            {mayChange ? <Revoke credential={credential} onReceipt={setReceipt} /> : null}
          </Group>
        ) : null
      }
    >
      <Stack gap="md">
        <Verdict meaning={tokenStateWords[token.state].meaning}>{token.sentence}</Verdict>
        {mayNotGetTokenBecause === null ? null : <Verdict meaning="attention">{mayNotGetTokenBecause}</Verdict>}
        <TokenMove credential={credential} token={token} />
        {receipt === null || token.state !== 'revoked' ? null : <RevocationReceipt receipt={receipt} />}
        <TokenFacts token={token} />
      </Stack>
    </Panel>
  )
}

function TestNow({ credentialId }: { credentialId: string }) {
  const probe = useMutation({
    mutationFn: () => call(probeCredential, { params: { id: credentialId } }),
    onError: (error) => sayNotDone('The test failed', error),
    onSettled: () => refreshFeature('connections'),
  })
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconRefresh size={14} aria-hidden="true" />}
      loading={probe.isPending}
      onClick={() => probe.mutate()}
    >
      Test now
    </Button>
  )
}

function Revoke({ credential, onReceipt }: { credential: Credential; onReceipt: (receipt: Receipt | null) => void }) {
  const [sure, setSure] = useState(false)
  const revoke = useMutation({
    mutationFn: () => call(revokeCredentialToken, { params: { id: credential.id } }),
    onSuccess: ({ receipt }) => {
      onReceipt(receipt)
      saySaved('Revoked', `${credential.name} holds no token any more.`)
    },
    onError: (error) => sayNotDone('The token was not revoked', error),
    onSettled: () => {
      setSure(false)
      refreshFeature('connections')
    },
  })
  return (
    <>
      <Button variant="default" size="xs" onClick={() => setSure(true)}>
        Revoke
      </Button>
      <ConfirmDialog
        opened={sure}
        title="Revoke the token?"
        confirm="Revoke"
        danger
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate()}
        onCancel={() => setSure(false)}
      >
        Anteroom forgets the token of {credential.token?.account?.email ?? credential.name}. Everything that uses{' '}
        {credential.name} stops until somebody presses Get OAuth Token again.
      </ConfirmDialog>
    </>
  )
}
