import { Button, Group, Stack, Text } from '@mantine/core'
import { IconBrandWindows, IconExternalLink } from '@tabler/icons-react'
import { Banner } from '../design/banner.tsx'
import { popupWords } from './popup-words.ts'
import type { PopupSignIn } from './use-popup-sign-in.ts'

type PermissionRequestProps = {
  signIn: PopupSignIn
  /** What Anteroom does with it. */
  what: string
  /** Why it is asked for now, in the server's words. */
  say: string
  /** What is kept meanwhile; empty when nothing waits. */
  kept: string
  onLater?: () => void
  laterVerb?: string
}

/** Asks for the person's own permission at Microsoft, and says at every step what happened and how to go on. */
export function PermissionRequest({ signIn, what, say, kept, onLater, laterVerb = 'Later' }: PermissionRequestProps) {
  const words = popupWords(signIn.step, kept)
  const busy = signIn.step.is === 'starting' || signIn.step.is === 'signing_in'
  return (
    <Stack gap="md">
      {words === null ? (
        <Text component="div" size="lg" maw="60ch">
          {what} {kept}
          {say === '' ? null : (
            <Text size="md" c="dimmed" mt={8}>
              {say}
            </Text>
          )}
        </Text>
      ) : (
        <Banner meaning={words.meaning} title={words.title}>
          {words.text}
        </Banner>
      )}
      <Group gap="xs">
        {signIn.step.is === 'idle' ? (
          <Button leftSection={<IconBrandWindows size={16} aria-hidden="true" />} onClick={() => signIn.ask()}>
            Continue with Microsoft
          </Button>
        ) : null}
        {busy ? (
          <Button
            variant="default"
            leftSection={<IconExternalLink size={16} aria-hidden="true" />}
            onClick={signIn.show}
          >
            Show the window
          </Button>
        ) : null}
        {words?.way ? (
          <Button onClick={() => signIn.ask({ chooseAnotherAccount: words.way?.chooseAnotherAccount ?? false })}>
            {words.way.verb}
          </Button>
        ) : null}
        {words?.offerThisPage ? (
          <Button variant="default" onClick={signIn.askOnThisPage}>
            Sign in on this page
          </Button>
        ) : null}
        {onLater === undefined || busy || signIn.step.is === 'stored' ? null : (
          <Button variant="subtle" onClick={onLater}>
            {laterVerb}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
