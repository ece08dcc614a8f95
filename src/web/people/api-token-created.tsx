import { Button, Code, CopyButton, Group, Stack } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { Banner } from '../design/banner.tsx'
import styles from './api-token-created.module.css'

/** The one moment in which a new token can be read. */
export function ApiTokenCreated({ token, onDone }: { token: { name: string; token: string }; onDone: () => void }) {
  return (
    <Banner meaning="good" title={`“${token.name}” is created`}>
      <Stack gap="xs">
        <span>Copy the token now: only a fingerprint of it is kept, so it cannot be shown again.</span>
        <Code block className={styles.token}>
          {token.token}
        </Code>
        <Group gap="xs">
          <CopyButton value={token.token}>
            {({ copied, copy }) => (
              <Button
                size="xs"
                leftSection={
                  copied ? <IconCheck size={14} aria-hidden="true" /> : <IconCopy size={14} aria-hidden="true" />
                }
                onClick={copy}
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button size="xs" variant="default" onClick={onDone}>
            I have kept it
          </Button>
        </Group>
      </Stack>
    </Banner>
  )
}
