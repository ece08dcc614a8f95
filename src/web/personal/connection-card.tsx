import { Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { PersonalConnection, RevocationReceipt as Receipt, TokenPanel } from '#connections/token.contract.ts'
import { RevocationReceipt } from '../connections/revocation-receipt.tsx'
import { Banner } from '../design/banner.tsx'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { KeyValue } from '../design/key-value.tsx'
import type { Meaning } from '../design/meaning.tsx'
import { Panel } from '../design/panel.tsx'
import { StatusBadge } from '../design/status-badge.tsx'
import { When } from '../design/when.tsx'
import { PermissionRequest } from './permission-request.tsx'
import type { PopupSignIn } from './use-popup-sign-in.ts'

const states: Record<TokenPanel['state'], { meaning: Meaning; word: string; verb: string }> = {
  none: { meaning: 'neutral', word: 'Not authorised', verb: 'Authorise' },
  ready: { meaning: 'good', word: 'Works', verb: 'Renew' },
  reauth_required: { meaning: 'attention', word: 'Sign in again', verb: 'Authorise again' },
  revoked: { meaning: 'neutral', word: 'Taken back', verb: 'Authorise' },
}

type ConnectionCardProps = {
  connection: PersonalConnection
  /** A program sent the person here for this very one. */
  asked: boolean
  signIn: PopupSignIn
  revoking: boolean
  revokeProblem: string | null
  /** What the last revocation here ended and could not end. */
  receipt: Receipt | null
  onRevoke: () => Promise<void>
}

/** One personal credential: what it is used for, whether it works, and Authorise, Renew, Revoke. */
export function ConnectionCard({
  connection,
  asked,
  signIn,
  revoking,
  revokeProblem,
  receipt,
  onRevoke,
}: ConnectionCardProps) {
  const [confirming, setConfirming] = useState(false)
  const { credential, usedFor, token } = connection
  const { meaning, word } = states[token.state]
  const verb = token.button?.does === 'sign_in' ? token.button.label : states[token.state].verb
  return (
    <Panel title={credential.name} actions={<StatusBadge meaning={meaning} word={word} />}>
      <Stack gap="md">
        <Text size="lg" maw="60ch">
          {usedFor}
        </Text>
        <Text c="dimmed">{token.sentence}</Text>
        {asked && token.state !== 'ready' ? (
          <Banner meaning="attention" title="Your permission is asked for">
            A program that works for you needs it. Press {verb} and sign in as {connection.account}. Only you can give
            it, and you can take it back here at any time.
          </Banner>
        ) : null}
        {asked && token.state === 'ready' ? (
          <Banner meaning="good" title="Nothing more to do">
            The permission that was asked for is here. You can go back to where you came from.
          </Banner>
        ) : null}
        {receipt === null || token.state !== 'revoked' ? null : <RevocationReceipt receipt={receipt} />}
        <ConnectionFacts connection={connection} />
        {signIn.step.is === 'idle' ? null : (
          <PermissionRequest signIn={signIn} what="" say="" kept="" onLater={signIn.dismiss} laterVerb="Close" />
        )}
        {signIn.step.is === 'idle' || signIn.step.is === 'stored' ? (
          <Group gap="xs">
            <Button
              variant={token.state === 'ready' && token.button === null ? 'default' : 'filled'}
              onClick={() => signIn.ask()}
              aria-label={`${verb} ${credential.name}`}
            >
              {verb}
            </Button>
            {token.state === 'ready' || token.state === 'reauth_required' ? (
              <Button
                variant="subtle"
                color="red"
                onClick={() => setConfirming(true)}
                aria-label={`Revoke ${credential.name}`}
              >
                Revoke
              </Button>
            ) : null}
          </Group>
        ) : null}
        {revokeProblem === null ? null : (
          <Text c="red" role="alert">
            {revokeProblem}
          </Text>
        )}
      </Stack>
      <ConfirmDialog
        opened={confirming}
        title="Take your permission back?"
        confirm="Revoke"
        danger
        busy={revoking}
        onCancel={() => setConfirming(false)}
        onConfirm={() => void onRevoke().then(() => setConfirming(false))}
      >
        Anteroom forgets its token and can no longer act in your calendar. Meetings that exist stay as they are. The
        next time you reserve a room, you are asked again.
      </ConfirmDialog>
    </Panel>
  )
}

function ConnectionFacts({ connection }: { connection: PersonalConnection }) {
  const { token, account } = connection
  const moment = (at: string | null) => (at === null ? null : <When at={at} />)
  const given = token.scopes.filter((scope) => scope.granted).map((scope) => scope.scope)
  return (
    <KeyValue
      items={[
        {
          label: 'Account',
          value:
            token.account === null ? `${account} (has to sign in)` : `${token.account.name} · ${token.account.email}`,
        },
        {
          label: 'Works until',
          value:
            token.state === 'ready' && token.worksUntil !== null ? (
              <When at={token.worksUntil} variant="absolute" />
            ) : null,
        },
        { label: 'Permissions', value: given.length > 0 ? given.join(', ') : null },
        { label: 'Given', value: moment(token.obtainedAt) },
        {
          label: 'Last used',
          value: token.state === 'ready' && token.lastUsedAt === null ? 'Not yet' : moment(token.lastUsedAt),
        },
        { label: 'Last problem', value: token.lastError?.say ?? null },
      ]}
    />
  )
}
