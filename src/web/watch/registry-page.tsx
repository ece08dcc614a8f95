import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type NotificationRegistry, readRegistry, rotateRegistryNow } from '#watch/subscription.contract.ts'
import { Banner } from '../design/banner.tsx'
import { ConfirmDialog } from '../design/confirm-dialog.tsx'
import { CopyText } from '../design/copy-text.tsx'
import { KeyValue } from '../design/key-value.tsx'
import { LinkButton } from '../design/links.tsx'
import { Page, PageHeader } from '../design/page.tsx'
import { Panel } from '../design/panel.tsx'
import { When } from '../design/when.tsx'
import { adoptAnswer } from '../shell/adopt-answer.ts'
import { call } from '../shell/api.ts'
import { asking } from '../shell/queries.ts'
import { RecordGate } from '../shell/record-gate.tsx'
import { sayNotDone, saySaved } from '../shell/saved.ts'

/** All > Workplace Calendar Synchronization > Webhook registry: where Microsoft sends its notifications. */
export function RegistryPage() {
  const answer = useQuery({ ...asking(readRegistry), refetchInterval: 10_000 })
  return (
    <RecordGate answer={answer} what="Webhook registry">
      {(registry) => <Registry registry={registry} />}
    </RecordGate>
  )
}

function Registry({ registry }: { registry: NotificationRegistry }) {
  const [asked, setAsked] = useState(false)
  const rotate = useMutation({
    mutationFn: () => call(rotateRegistryNow),
    onSuccess: (answer) => {
      setAsked(false)
      adoptAnswer(readRegistry, undefined, answer)
      saySaved('Rotated', 'Subscriptions are made anew at the new address, one after another.')
    },
    onError: (error) => sayNotDone('Not rotated', error),
  })
  return (
    <Page title="Webhook registry">
      <PageHeader
        title={registry.name}
        subtitle="Where Microsoft sends its notifications. Nothing has to be entered anywhere: each subscription is made with this address."
        actions={
          <>
            <LinkButton variant="default" to="/console/subscriptions">
              Subscriptions
            </LinkButton>
            <Button onClick={() => setAsked(true)}>Rotate</Button>
          </>
        }
      />
      <Reachable registry={registry} />
      <Panel title="Webhook registry">
        <Facts registry={registry} />
      </Panel>
      <ConfirmDialog
        opened={asked}
        title="Rotate the callback URL"
        confirm="Rotate"
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate()}
        onCancel={() => setAsked(false)}
      >
        A new callback URL is made. Subscriptions go on working at the old one until each was made anew at the new one,
        which happens by itself within minutes. After the last of them nothing answers at the old one.
      </ConfirmDialog>
    </Page>
  )
}

function Reachable({ registry: { isPublic, atOldAddress } }: { registry: NotificationRegistry }) {
  if (atOldAddress > 0) {
    const which = atOldAddress === 1 ? '1 subscription is' : `${atOldAddress} subscriptions are`
    return (
      <Banner meaning="waiting" title="Being rotated">
        {which} still at an older address, and made anew one after another. Both addresses work until then.
      </Banner>
    )
  }
  if (isPublic) return null
  return (
    <Banner meaning="attention" title="Microsoft cannot reach this address">
      It needs https and a name that is known on the internet. Name one in ANTEROOM_NOTIFICATION_URL. Until then rooms
      are read every minute instead. The local tenant of the rehearsal reaches it as it is.
    </Banner>
  )
}

function Facts({ registry }: { registry: NotificationRegistry }) {
  const { callbackUrl, lifecycleUrl, clientState, rotatedAt, rotatedBy, inUse } = registry
  return (
    <KeyValue
      items={[
        { label: 'Callback URL', value: <CopyText text={callbackUrl} what="callback URL" /> },
        { label: 'Lifecycle URL', value: <CopyText text={lifecycleUrl} what="lifecycle URL" /> },
        { label: 'Client state', value: clientState },
        { label: 'Used by', value: inUse === 1 ? '1 subscription' : `${inUse} subscriptions` },
        {
          label: 'Made',
          value: (
            <>
              <When at={rotatedAt} variant="absolute" /> by {rotatedBy}
            </>
          ),
        },
      ]}
    />
  )
}
