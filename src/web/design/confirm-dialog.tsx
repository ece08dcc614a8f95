import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

type ConfirmDialogProps = {
  opened: boolean
  title: string
  /** What will happen, and what will not. */
  children: ReactNode
  /** The verb on the button, the same as on the button that opened this. */
  confirm: string
  cancel?: string
  danger?: boolean
  busy?: boolean
  onConfirm: () => void
  onCancel: () => void
}

/** Asks once before something that cannot be taken back. The way out has the focus. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, confirm, cancel = 'Keep it as it is', danger = false, busy = false } = props
  return (
    <Modal opened={opened} onClose={props.onCancel} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="lg">
        <Text component="div" size="md">
          {children}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onCancel} data-autofocus>
            {cancel}
          </Button>
          <Button color={danger ? 'red' : undefined} loading={busy} onClick={props.onConfirm}>
            {confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
